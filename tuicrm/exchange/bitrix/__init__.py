"""Bitrix24's JSON, the model product's: `recognise.read_payloads` reads a file, `payloads` says what comes out."""
