"""From outcomes to a candidate: data set, leakage, fit, calibrate, evaluate, compile into a scorecard."""
