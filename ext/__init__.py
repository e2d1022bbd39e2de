"""The book's own Sphinx glue: laws, explorers as figures, notebooks, pages that stay local."""
