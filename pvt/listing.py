"""The code that ran, to be read in the notebook."""

import inspect

from pvt import course


class Source(str):
    """Python code; a notebook shows it highlighted."""

    def _repr_html_(self):
        from IPython.display import Code

        return Code(self, language="python")._repr_html_()


def source(name, *, whole=False):
    """The functions that an experiment is about, or with `whole=True` its file. ValueError for an unknown name."""
    module = course.load(name)
    studied = getattr(module, "STUDY", ())
    if whole or not studied:
        return Source(inspect.getsource(module))
    return Source("\n\n".join(inspect.getsource(function) for function in studied))
