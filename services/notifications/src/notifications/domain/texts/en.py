"""English texts."""

from notifications.domain.texts.model import KindText, Locale, PageText, Phrases

LOCALE = Locale(
    direction="ltr",
    group_separator=",",
    decimal_separator=".",
    time_format="%Y-%m-%d %H:%M (Istanbul)",
    kinds={
        "crisis.opened": KindText(
            subject="Crisis opened: {crisis}",
            short="{crisis} was opened. Area: {area}.",
            long=(
                "{crisis} was opened.",
                "Provinces covered: {area}. Opened at {occurred_at}.",
                "We will write again as needs appear on the board.",
            ),
        ),
        "need_line.opened": KindText(
            subject="New need: {quantity} {unit} {item} – {district}",
            short="{district}: {quantity} {unit} {item} needed by {needed_by}.",
            long=(
                "A verified need was opened for {district}: {quantity} {unit} {item}.",
                "Gap: {gap} {unit}. Needed by {needed_by}.",
                "What you pledge closes that much of the gap, and nobody does the same work twice.",
            ),
        ),
        "allocation.proposed": KindText(
            subject="Pledge proposed: {quantity} {unit} {item} – {district}",
            short="{district}: {quantity} {unit} {item} proposed, answer by {answer_by}.",
            long=(
                "{quantity} {unit} {item} were proposed for the need in {district}.",
                "A proposal does not count until it is accepted. Gap left: {gap} {unit}.",
                "An answer is expected by {answer_by}.",
            ),
        ),
        "allocation.held": KindText(
            subject="Pledge accepted: {quantity} {unit} {item} – {district}",
            short="{district}: {quantity} {unit} {item} held, gap {gap} {unit}.",
            long=(
                "{quantity} {unit} {item} were accepted and are held for the need in {district}.",
                "Gap left: {gap} {unit}.",
                "Dispatch is expected by {lease_until}.",
            ),
        ),
        "allocation.withdrawn": KindText(
            subject="Pledge withdrawn: {quantity} {unit} {item} – {district}",
            short="{district}: {quantity} {unit} {item} withdrawn, gap {gap} {unit}.",
            long=(
                "The pledge of {quantity} {unit} {item} for the need in {district} was withdrawn.",
                "Open now: {gap} {unit}.",
            ),
        ),
        "allocation.promoted": KindText(
            subject="Your turn: {quantity} {unit} {item} – {district}",
            short="{district}: {quantity} {unit} {item} can be taken, answer by {answer_by}.",
            long=(
                "There is room again in {district}: {quantity} {unit} {item} of your pledge can be taken.",
                "Please say by {answer_by} whether it still stands; after that the next in line is called.",
                "Gap left: {gap} {unit}.",
            ),
        ),
        "allocation.reminder_due": KindText(
            subject="Time is running: {quantity} {unit} {item} – {district}",
            short="{district}: {quantity} {unit} {item} are held for you until {lease_until}.",
            long=(
                "{quantity} {unit} {item} are held for the need in {district} until {lease_until}.",
                "Report the dispatch, extend the hold or give it back; without a word it ends by itself.",
            ),
        ),
        "allocation.countered": KindText(
            subject="Other terms: {quantity} {unit} {item} – {district}",
            short="{district}: other terms for {quantity} {unit} {item}, answer by {answer_by}.",
            long=(
                "Other terms were named for {quantity} {unit} {item} for the need in {district}.",
                "Accept, decline or answer with terms of your own by {answer_by}.",
                "Until then nothing counts. Gap left: {gap} {unit}.",
            ),
        ),
        "allocation.release_requested": KindText(
            subject="Can this be let go? {quantity} {unit} {item} – {district}",
            short="{district}: asked to let go {quantity} {unit} {item}; silence by {answer_by} is a yes.",
            long=(
                "The holder of {quantity} {unit} {item} for {district} is asked to let them go.",
                "To keep them, say by {answer_by} when they leave and how; no answer lets them go.",
            ),
        ),
        "saturation_order.issued": KindText(
            subject="Do not send: {goods} – {area}",
            short="{area}: do not send {goods} until {until}.",
            long=(
                "Sending {goods} to {area} is stopped until {until}.",
                "If you have not left, do not leave; your promises are looked at separately. Depot: {depot}.",
                "Real gaps are on the board: what you have may be missing elsewhere.",
            ),
        ),
        "saturation_order.lapsed": KindText(
            subject="May be sent again: {goods} – {area}",
            short="{area}: the stop for {goods} has ended.",
            long=(
                "The stop for {goods} in {area} is no longer in force.",
                "Goods may be promised again; the board shows what is missing.",
            ),
        ),
        "waiver.requested": KindText(
            subject="May earmarked goods be used? {item} – {district}",
            short="{district}: may {item} be used outside their earmark? Silence by {answer_by} is a no.",
            long=(
                "May {item} of your offer be used for a need in {district}, outside their earmark?",
                "Please answer by {answer_by}. Without an answer it is a no; nothing you promised changes.",
            ),
        ),
        "waiver.settled": KindText(
            subject="Use outside the earmark: {outcome} – {item}, {district}",
            short="{district}: use of {item} outside their earmark: {outcome}.",
            long=(
                "Use of {item} outside their earmark for a need in {district}: {outcome}.",
                "The answer is for this need alone.",
            ),
        ),
        "condition.stated": KindText(
            subject="A condition stands: {condition} – {item}, {district}",
            short="{district}: {item} wait for: {condition}, until {answer_by}.",
            long=(
                "{item} promised for a need in {district} wait for: {condition}.",
                "Who stated it or is asked says so by {answer_by}; after that the promise ends.",
            ),
        ),
        "condition.settled": KindText(
            subject="{condition}: {outcome} – {item}, {district}",
            short="{district}: {item}: {condition}: {outcome}.",
            long=(
                "{item} promised for a need in {district}: {condition}: {outcome}.",
                "A promise whose condition failed has ended.",
            ),
        ),
        "endpoint.disabled": KindText(
            subject="Your webhook endpoint was switched off",
            short="Webhook endpoint {endpoint} was switched off ({reason}).",
            long=(
                "Webhook endpoint {endpoint} was switched off. Reason: {reason}.",
                "Subscribe it again to switch it on, and redrive what has piled up.",
            ),
        ),
    },
    outcomes={
        "granted": "agreed",
        "refused": "refused",
        "lapsed": "no answer, so no",
        "met": "met",
        "waived": "waived",
        "failed": "failed",
    },
    conditions={
        "funding_arrives": "funding arrives",
        "transport_found": "transport is found",
        "permit": "a permit",
        "min_qty": "a least quantity",
        "named_site": "a named site",
        "publicity": "publicity",
        "other": "another condition",
        "substitute_agreed": "the asker agrees to another item",
    },
    phrases=Phrases(
        drill="EXERCISE",
        open_board="Open the board: {link}",
        why="You receive this because your organisation subscribed this address to crisis notifications.",
        stop="To stop these messages: {unsubscribe}",
        list_name="Crisis notifications",
    ),
    page=PageText(
        title="Stop notifications",
        question="Stop crisis notifications to this address?",
        button="Stop",
        done="Crisis notifications will no longer be sent to this address.",
        invalid="This link is not valid.",
    ),
)
