"""The command line: a module for each noun or verb, loaded when it is used."""
