"""Pages, one folder an audience. They load, check, act and render; they build no query and commit nothing."""
