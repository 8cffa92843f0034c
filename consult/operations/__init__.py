"""What spans nouns, and what keeps an installation whole: loading, importing, mailing, closing, backing up."""
