"""Parts of the section on cost, each a pure function of the resources and the price list."""
