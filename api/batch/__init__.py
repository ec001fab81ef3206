"""Files of leads scored in bulk: chunk by chunk, column by column, and to the bit as each lead would be alone."""
