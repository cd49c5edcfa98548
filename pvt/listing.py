"""The code that ran, to be read in the notebook."""

import inspect
import textwrap

from pvt import course


class Source(str):
    """Python code; a notebook shows it highlighted."""

    def _repr_html_(self):
        from IPython.display import Code

        return Code(self, language="python")._repr_html_()


def source(name, *, whole=False):
    """The functions that an experiment is about, or with `whole=True` its file. ValueError for
    an unknown name."""
    module = course.load(name)
    studied = getattr(module, "STUDY", ())
    if whole or not studied:
        return Source(inspect.getsource(module))
    texts = (textwrap.dedent(inspect.getsource(function)) for function in studied)
    return Source("\n\n".join(texts))
