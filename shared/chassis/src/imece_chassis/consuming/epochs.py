"""Which rebuild of an owner's log the consumer reads. Positions reached in an older one say nothing about
it.
"""

from imece_contracts.topics import TOPICS


class Epochs:
    """The newest epoch heard of, per owner of topics; 1 until a mark says otherwise."""

    def __init__(self) -> None:
        self._by_owner: dict[str, int] = {}

    def heard(self, progress_topic: str, epoch: int) -> None:
        """A progress mark of this topic carried this epoch."""
        owner = _owner(progress_topic)
        self._by_owner[owner] = max(epoch, self._by_owner.get(owner, 1))

    def of_topic(self, topic: str) -> int:
        """The epoch that positions of this topic are reached in."""
        return self._by_owner.get(_owner(topic), 1)


def _owner(topic: str) -> str:
    known = TOPICS.get(topic)
    return known.owner if known is not None else topic.partition(".")[0]
