"""The sample group: five people one would want to meet, what they say of their work, and who cannot be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.ids import UserId
from bot.domain.member import CardSlot
from bot.ports.edges import Person

ANA = UserId("ana")
BEN = UserId("ben")
CARLA = UserId("carla")
DAVID = UserId("david")
ELIF = UserId("elif")
THE_BOT = UserId("twoyes")
FELIX = UserId("felix")


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample person, with the card they write when they join."""

    person: Person
    card: Mapping[CardSlot, str] = field(default_factory=dict)
    accepts_leads: bool = False


SAMPLES = (
    Sample(
        Person(ANA, "Ana Duarte", locale="en", time_zone="Europe/Lisbon"),
        {
            CardSlot.DOES: "Photographer of things made by hand, in the workshop, with the maker in the picture",
            CardSlot.FOR_WHOM: "Potters, bakers and joiners whose websites show other people’s work",
            CardSlot.IDEAL: "A workshop of one to ten people with a new collection or a first shop of its own",
            CardSlot.NOT_A_FIT: "Weddings, and anything due tomorrow",
            CardSlot.COMPANY: "Luz & Duarte",
            CardSlot.PLACE: "Lisbon; in London four times a year",
            CardSlot.LISTEN_FOR: "“Our pictures do not do it justice.”",
            CardSlot.CATEGORY: "Photography",
        },
    ),
    Sample(
        Person(BEN, "Ben Okafor", locale="en", time_zone="Europe/London"),
        {
            CardSlot.DOES: "Cabinetmaker: kitchens and libraries in English ash, made to be handed down",
            CardSlot.FOR_WHOM: "People who restore an old house, and the architects who help them",
            CardSlot.IDEAL: "An architect with a period house, a patient client and a room with no right angle in it",
            CardSlot.NOT_A_FIT: "Flat-pack, or a kitchen before Christmas",
            CardSlot.COMPANY: "Okafor & Daughters",
            CardSlot.PLACE: "Walthamstow, London",
            CardSlot.LISTEN_FOR: "“Nobody will take on that staircase.”",
            CardSlot.CATEGORY: "Joinery",
        },
    ),
    Sample(
        Person(CARLA, "Carla Rossi", locale="en", time_zone="Europe/London"),
        {
            CardSlot.DOES: "Accountant who tells makers what each piece really costs them",
            CardSlot.FOR_WHOM: "Workshops of two to twenty people, to see which jobs earn money",
            CardSlot.IDEAL: "A maker with a full order book who cannot say what is left of it",
            CardSlot.NOT_A_FIT: "Shops that only trade, and tax returns on their own",
            CardSlot.COMPANY: "Rossi Reckons",
            CardSlot.PLACE: "Bristol, and by train",
            CardSlot.LISTEN_FOR: "“We have never been so busy, and there is nothing left at the end of the month.”",
            CardSlot.CATEGORY: "Accountancy",
        },
        accepts_leads=True,
    ),
    Sample(
        Person(DAVID, "David Lindqvist", locale="en", time_zone="Europe/Stockholm"),
        {
            CardSlot.DOES: "Lawyer who writes contracts of two pages that both sides have read to the end",
            CardSlot.FOR_WHOM: "Owners who sign with a supplier, a landlord or a first employee",
            CardSlot.IDEAL: "A family business about to bring in a partner, or the next generation",
            CardSlot.NOT_A_FIT: "Anyone who is already in court",
            CardSlot.COMPANY: "Lindqvist Avtal",
            CardSlot.PLACE: "Stockholm; contracts under Swedish and English law",
            CardSlot.LISTEN_FOR: "“We shook hands on it.”",
            CardSlot.CATEGORY: "Law",
        },
    ),
    Sample(
        Person(ELIF, "Elif Şahin", locale="de", time_zone="Europe/Berlin"),
        {
            CardSlot.DOES: "Web developer of small sites that open at once and that their owners change themselves",
            CardSlot.FOR_WHOM: "Workshops, practices and associations that live by being found",
            CardSlot.IDEAL: "Someone with good pictures, ten pages to fill and no wish to learn another system",
            CardSlot.NOT_A_FIT: "Marketplaces, apps, and redesigns by committee",
            CardSlot.COMPANY: "Langsam Web",
            CardSlot.PLACE: "Berlin, and remote everywhere",
            CardSlot.LISTEN_FOR: "“Our website? Better look at our Instagram.”",
            CardSlot.CATEGORY: "Web",
        },
        accepts_leads=True,
    ),
)

ADMINS = frozenset({DAVID})
"""Who may start the group."""

OTHERS = (
    Person(THE_BOT, "twoyes", is_bot=True),
    Person(FELIX, "Felix Brandt", is_deactivated=True, locale="de", time_zone="Europe/Berlin"),
)
"""The bot itself, and somebody who left the workspace: nobody can be referred to either."""

SEATS = tuple(sample.person.user for sample in SAMPLES)
EVERYBODY = (*(sample.person for sample in SAMPLES), *OTHERS)
BY_USER = {sample.person.user: sample for sample in SAMPLES}
