"""Lock files carry versions and hashes, never the host a package comes from."""

from collections.abc import Iterator

from tests.architecture.tree import Tree


def locks_name_no_host(tree: Tree) -> Iterator[str]:
    for pattern in ("requirements*.lock", "deploy/**/*.lock", "deploy/**/*.txt"):
        for path in sorted(tree.root.glob(pattern)):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if "://" in line:
                    yield f"{path.relative_to(tree.root)}:{number} names a host: {line.strip()}"
    for name in ("uv.lock", "pylock.toml"):
        if (tree.root / name).exists() and _is_tracked(tree, name):
            yield f"{name} is committed; it names hosts"


def _is_tracked(tree: Tree, name: str) -> bool:
    ignore = tree.root / ".gitignore"
    return not (ignore.exists() and name in ignore.read_text().split())
