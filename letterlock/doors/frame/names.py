"""People's names, shortened for small places."""


def initials(name: str) -> str:
    """One or two letters for the round face beside a name: "Tomás Ortega" is TO, an address its first letter."""
    spoken = name.partition("@")[0].replace(".", " ") if "@" in name else name
    # "Dr." and the like are no names.
    words = [word for word in spoken.split() if word[0].isalnum() and not word.endswith(".")]
    ends = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0].upper() for word in ends) or "?"
