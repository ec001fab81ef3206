"""What a lead is worth: the lead, its facts, engagement, the scorecard and the reasons. Pure: no I/O."""
