"""Organisations are listed in Turkish alphabetical order, page by page, while others write."""

from uuid import UUID

from imece_chassis.database import Database, Transaction
from registry.domain.acts import Actor
from registry.domain.organisations import Organisation
from registry.store.organisations import Filter
from registry.usecases import queries
from tests.db.registry.given import SECRETARIAT, active, organisation

OFFICE = Actor(SECRETARIAT, is_secretariat=True)


async def names(database: Database, wanted: Filter | None = None, actor: Actor = OFFICE) -> list[str]:
    return [each.legal_name for each in (await page(database, wanted, actor=actor))[0]]


async def page(
    database: Database,
    wanted: Filter | None = None,
    after: tuple[str, UUID] | None = None,
    limit: int = 100,
    actor: Actor = OFFICE,
) -> tuple[list[Organisation], bool]:
    async def work(tx: Transaction) -> tuple[list[Organisation], bool]:
        found, has_more = await queries.page_of_organisations(tx, actor, wanted or Filter(), after, limit)
        return list(found), has_more

    return await database.snapshot(work)


async def test_the_order_is_the_turkish_alphabet(registry_db: Database) -> None:
    ordered = ["Cumba", "Çınar", "Ilgaz", "İncir", "Ova", "Öncü", "Suna", "Şefkat", "Umut", "Ünye"]
    for name in reversed(ordered):
        await organisation(registry_db, name)
    assert await names(registry_db) == ordered


async def test_a_search_ignores_case_and_accents(registry_db: Database) -> None:
    for name in ("Işık Vakfı", "ISPARTA GÖNÜLLÜLERİ", "Damla"):
        await organisation(registry_db, name)
    assert await names(registry_db, Filter(text="IŞIK")) == ["Işık Vakfı"]
    assert await names(registry_db, Filter(text="isik")) == ["Işık Vakfı"]
    assert await names(registry_db, Filter(text="gönüllüleri")) == ["ISPARTA GÖNÜLLÜLERİ"]
    assert await names(registry_db, Filter(text="%")) == []


async def test_several_filters_narrow_together(registry_db: Database) -> None:
    await organisation(registry_db, "Hatay Derneği", seat_plate="31")
    await organisation(registry_db, "Ankara Derneği", seat_plate="06", province_plates=("06", "31"))
    await organisation(registry_db, "Ankara Vakfı", seat_plate="06", kind="vakif")
    await active(registry_db, "Etkin Derneği")
    assert await names(registry_db, Filter(province="31")) == [
        "Ankara Derneği",
        "Etkin Derneği",
        "Hatay Derneği",
    ]
    assert await names(registry_db, Filter(kind="vakif")) == ["Ankara Vakfı"]
    assert await names(registry_db, Filter(state="active", province="31")) == ["Etkin Derneği"]


async def test_members_see_candidates_only_if_they_are_one(registry_db: Database) -> None:
    candidate = await organisation(registry_db, "Aday")
    await active(registry_db, "Etkin")
    assert await names(registry_db, actor=Actor(UUID(int=9))) == ["Etkin"]
    assert await names(registry_db, actor=Actor(candidate.organisation_id)) == ["Aday", "Etkin"]


async def test_pages_miss_and_repeat_nothing_while_rows_are_written(registry_db: Database) -> None:
    for number in range(11):
        await organisation(registry_db, f"Ortak ad {'b' if number % 2 else 'd'}")
    seen: list[UUID] = []
    after, has_more = None, True
    while has_more:
        found, has_more = await page(registry_db, after=after, limit=4)
        seen += [each.organisation_id for each in found]
        after = (found[-1].sort_key, found[-1].organisation_id)
        await organisation(registry_db, "Ortak ad a")
    first = [each for each in (await page(registry_db))[0] if not each.legal_name.endswith(" a")]
    assert seen == [each.organisation_id for each in first]
