"""Globex Finance: two advisers, their administrator, and clients; one of them is a client of Acme Legal too."""

from datetime import timedelta

from letterlock.domain.accounts.models import Status
from letterlock.doors.commands.demo.shapes import Member, Story, TakenBack, Unfinished, Written

members = (
    Member(key="lea", name="Lea Novak", address="lea@globex.example", status=Status.ADMINISTRATOR),
    Member(key="amara", name="Amara Musa", address="amara@globex.example", status=Status.PROFESSIONAL),
    Member(key="rafael", name="Rafael Costa", address="rafael@globex.example", status=Status.PROFESSIONAL),
    Member(key="mira", name="Mira Kessler", address="mira@kessler.example", password="violet harbour lantern"),  # noqa: S106 -- printed by the demo for everybody to read
    Member(key="ben", name="Ben Achterberg", address="ben@achterberg.example"),
    Member(key="yuki", name="Yuki Tanaka", address="yuki@tanaka-audit.example"),
    Member(key="paolo", name="Paolo Riva", address="paolo@rivabros.example"),
)

letters = (
    Written(
        key="rules", day=29, time="08:00", by="lea", to="amara rafael",
        subject="What may be promised in writing",
        text="""Dear both,

compliance asks me to repeat three sentences, and I repeat them gladly:

- No return is promised, also not "as good as".
- Figures go out with the date of the price beside them.
- A message to the wrong client is recalled first and reported second.

Lea""",
    ),
    Written(
        key="rules-2", of="rules", day=29, time="08:52", by="rafael", answers_all=True,
        text="""Noted. May I keep "in line with the index", if the index is named?

Rafael""",
    ),
    Written(
        key="rules-3", of="rules-2", day=29, time="09:15", by="lea", answers_all=True,
        text="""Named, and with its date. Then yes.

Lea""",
    ),
    Written(
        key="house", day=27, time="10:30", by="amara", to="mira", cc="rafael",
        subject="Your inheritance: three questions before we speak of money",
        text="""Dear Ms Kessler,

our condolences. Before anything is invested, three questions that only you can answer:

- How much must be there within a year, whatever the markets do?
- Is there a debt that costs more than four per cent?
- Whom should we call if you cannot be reached?

There is no hurry. Money that waits a quarter loses less than a decision taken in grief.

With kind regards
Amara Musa""",
    ),
    Written(
        key="house-2", of="house", day=25, time="20:14", by="mira", answers_all=True,
        text="""Dear Ms Musa,

thank you for the last sentence. Thirty thousand, no, and my sister, although we are not speaking much just now.

Mira Kessler""",
    ),
    Written(
        key="house-3", of="house-2", day=24, time="09:05", by="amara", answers_all=True,
        text="""That is a clear brief. We keep forty thousand in a call account and leave the rest where it is until the estate is closed.

Amara Musa""",
    ),
    Written(
        key="bridge", day=23, time="11:11", by="rafael", to="paolo", cc="amara",
        subject="Riva Bros.: bridge facility, open points",
        text="""Dear Mr Riva,

the bank has agreed to 2.4 million for nine months at 5.1 per cent. Two points are open:

- the covenant on the debt ratio: they ask for 3.0, we proposed 3.5,
- the personal guarantee, which you did not want and which I would not give.

I would offer 3.25 for dropping the guarantee. May I?

Rafael Costa""",
    ),
    Written(
        key="bridge-2", of="bridge", day=23, time="14:40", by="paolo", answers_all=True,
        text="""You may. My brother would sign the guarantee, which is the best reason not to have one.

Paolo Riva""",
    ),
    Written(
        key="bridge-3", of="bridge-2", day=21, time="16:55", by="rafael", answers_all=True,
        text="""Agreed by the bank this afternoon: 3.25, no guarantee. The contract comes on Friday.

Rafael Costa""",
    ),
    Written(
        key="bridge-4", of="bridge-3", day=21, time="17:20", by="paolo", answers_all=True,
        text="""My brother asks whether 3.25 is a lot. I told him it is a number between two others.

Thank you both.

Paolo Riva""",
    ),
    Written(
        key="audit", day=20, time="08:20", by="amara", to="yuki", cc="rafael lea",
        subject="Annual audit: list of confirmations",
        text="""Dear Ms Tanaka,

as every year: bank confirmations from four banks, the two custodians, and our lawyers' letter. New this year is the platform you are reading this on; the ledger of a message can be shown to you as evidence of who had it, and when.

When would you like to come?

Amara Musa""",
    ),
    Written(
        key="audit-2", of="audit", day=19, time="09:33", by="yuki", answers_all=True,
        text="""Dear Ms Musa,

the second week of January, three of us, one of whom is new and will ask why about everything. Please let him; it is how I learnt it.

The ledger interests me. Does it also show what was *not* opened?

Yuki Tanaka""",
    ),
    Written(
        key="audit-3", of="audit-2", day=19, time="10:02", by="amara", answers_all=True,
        text="""It shows what was handed out and to whom. What is not there was not handed out.

Amara Musa""",
    ),
    Written(
        key="audit-4", of="audit-3", day=18, time="11:47", by="yuki", answers_all=True,
        text="""That is the answer I hoped for. The second week of January, then.

Yuki Tanaka""",
    ),
    Written(
        key="statement", day=16, time="15:02", by="rafael", to="ben",
        subject="Account statement, October",
        text="""Dear Mr Riva,

your statement for October: opening 1,204,551.20, closing 1,198,903.75, prices of 31 October.

Rafael Costa""",
    ),
    Written(
        key="statement-right", day=16, time="15:09", by="rafael", to="ben",
        subject="A message that was not meant for you",
        text="""Dear Mr Achterberg,

seven minutes ago you were sent a statement that belongs to another client. I have taken it back; our record shows whether it was opened, and I shall tell that client what the record says. I apologise to both of you.

Rafael Costa""",
    ),
    Written(
        key="statement-2", of="statement-right", day=16, time="18:26", by="ben",
        text="""I saw a subject and a notice, nothing else. Better this than an envelope.

Ben Achterberg""",
    ),
    Written(
        key="pension", day=14, time="09:50", by="ben", of="statement-right",
        text="""Dear Mr Costa,

since we are writing: I turn sixty-three in spring and would like to know what stopping at sixty-four instead of sixty-six would cost. A number is enough, I can do the sighing myself.

Ben Achterberg""",
    ),
    Written(
        key="pension-2", of="pension", day=12, time="16:31", by="rafael",
        text="""Dear Mr Achterberg,

at today's values, 11 per cent less each month, for life; or nothing less, if you draw 61,000 from the deposit over two years. The second is possible because you have been careful for thirty. Prices of yesterday.

Shall we go through both with your wife?

Rafael Costa""",
    ),
    Written(
        key="pension-3", of="pension-2", day=12, time="19:02", by="ben",
        text="""With my wife, yes. She has already chosen the second, but would like to hear it from you.

Ben Achterberg""",
    ),
    Written(
        key="transfer", day=10, time="08:35", by="lea", to="amara rafael", lifetime=timedelta(days=4), reply_freeze=True,
        subject="Call-back numbers of the custodians until Friday",
        text="""The custodians change their call-back numbers on Friday. Until then 555-0142 for orders above 100,000. This message expires with the number.

Lea""",
    ),
    Written(
        key="refinance", day=9, time="13:20", by="paolo", of="bridge-3", answers_all=True,
        text="""Dear Mr Costa, dear Ms Musa,

the ship is here, two weeks early. We shall not need the last 400,000 of the bridge. Is there a fee for not borrowing?

Paolo Riva""",
    ),
    Written(
        key="refinance-2", of="refinance", day=9, time="14:12", by="rafael", answers_all=True,
        text="""There is: 0.35 per cent a year on what you do not draw, 1,050 until the end. Cheaper than the money, dearer than a good lunch.

Rafael Costa""",
    ),
    Written(
        key="estate-closed", day=6, time="10:26", by="mira", of="house-3", answers_all=True,
        text="""Dear Ms Musa,

the inventory is nearly done and nobody has shouted. My sister has offered to meet the movers. You may put her down as the person to call after all, with her mobile number.

Mira Kessler""",
    ),
    Written(
        key="estate-closed-2", of="estate-closed", day=6, time="11:01", by="amara",
        text="""Done, and I am glad of it. I shall send a proposal for the rest when the estate is closed, not earlier.

Amara Musa""",
    ),
    Written(
        key="cross", day=4, time="09:14", by="rafael", to="amara", bcc="lea",
        subject="Achterberg: a second pair of eyes, please",
        text="""Amara,

could you check my arithmetic in the Achterberg case before Thursday? It is 61,000 over two years, and I have been wrong about leap years before.

Rafael""",
    ),
    Written(
        key="cross-2", of="cross", day=4, time="12:33", by="amara",
        text="""60,840, since nobody draws on 29 February. Round it up and tell him why; he will like that.

Amara""",
    ),
    Written(
        key="yuki-sample", day=3, time="07:40", by="yuki", of="audit-3", answers_all=True, unread="rafael",
        text="""Dear all,

the sample for January has been drawn: 25 clients, the list is with Ms Novak. For each I should like one message and its record, chosen by you, and one chosen by me.

Yuki Tanaka""",
    ),
    Written(
        key="party", day=2, time="16:16", by="lea", to="amara rafael", unread="rafael",
        subject="The eleventh, six o'clock",
        text="""The year's end is on the eleventh at six, in the small room, with the good cheese. Partners are welcome, forecasts are not.

Lea""",
    ),
    Written(
        key="party-2", of="party", day=2, time="16:40", by="rafael",
        text="""I come, with a partner and without a forecast.

Rafael""",
    ),
    Written(
        key="paolo-last", day=1, time="17:28", by="paolo", of="refinance-2", answers_all=True, unread="amara rafael",
        text="""Dear both,

the repayment went out today, the bank has it tomorrow. My brother would like to frame the contract. I have told him it runs until March.

Paolo Riva""",
    ),
    Written(
        key="ben-last", day=0, time="06:55", by="ben", of="pension-2", unread="rafael",
        text="""Dear Mr Costa,

Thursday at four suits us both. My wife asks whether she should bring her own calculator. I said that you would be offended if she did not.

Ben Achterberg""",
    ),
)  # fmt: skip

story = Story(
    name="Globex Finance",
    host="globex.localhost",
    accent="#4a3f8f",
    support_address="lea@globex.example",
    members=members,
    letters=letters,
    recalls=(TakenBack(of="statement", day=16, time="15:07"),),
    drafts=(
        Unfinished(
            by="rafael",
            day=1,
            time="10:05",
            to="ben@achterberg.example",
            subject="Stopping at sixty-four: both ways side by side",
            text="Dear Mr Achterberg,\n\nbelow are both ways in one table, with the prices of yesterday.",
        ),
    ),
    archived=(("amara", "rules"), ("rafael", "rules-3")),
)
