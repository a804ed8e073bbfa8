"""The education network and its routes: knows no HTTP, HTML, SQL, nor today's date."""
