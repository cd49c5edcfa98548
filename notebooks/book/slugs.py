"""The targets of links to headings."""


def as_jupyter(heading):
    """A heading as the target of a link, as JupyterLab writes it."""
    return heading.replace(" ", "-")
