"""Figures as publishers print them: values, growth rates and shares of markets, and who says so."""
