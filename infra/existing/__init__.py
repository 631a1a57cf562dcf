"""Resources that exist already and that the program uses: it reads and checks them before it creates anything."""
