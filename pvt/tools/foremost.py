"""Which of several comes first: for predictions such as "Which pool loses the most?"."""


def foremost(counts, names, alike):
    """The one of `names` with the greatest of `counts`; `alike` where all are equal, None where only
    some share the first place."""
    if len(set(counts)) == 1:
        return alike
    first = [name for name, count in zip(names, counts, strict=True) if count == max(counts)]
    return first[0] if len(first) == 1 else None
