"""Templates made in Word or LibreOffice (.docx): read, looked through and filled. Knows no item; a resolver knows the values."""
