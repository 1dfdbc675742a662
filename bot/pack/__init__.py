"""The knowledge pack: its types, how it is read, checked and searched; knows no command and no platform."""
