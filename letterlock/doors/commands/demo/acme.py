"""Acme Legal: two lawyers, the office's administrator, and four clients and colleagues from outside."""

from datetime import timedelta

from letterlock.domain.accounts.models import Status
from letterlock.doors.commands.demo.shapes import Member, Story, TakenBack, Unfinished, Written

members = (
    Member(key="hugo", name="Hugo Aalto", address="hugo@acme.example", status=Status.ADMINISTRATOR),
    Member(key="nora", name="Nora Lindqvist", address="nora@acme.example", status=Status.PROFESSIONAL),
    Member(key="tomas", name="Tomás Ortega", address="tomas@acme.example", status=Status.PROFESSIONAL),
    Member(key="mira", name="Mira Kessler", address="mira@kessler.example"),
    Member(key="sofia", name="Sofia Brandt", address="sofia@brandt.example"),
    Member(key="jun", name="Dr. Jun Park", address="jun.park@clinic.example"),
    Member(key="elin", name="Elin Vogt", address="elin@vogt-notaries.example"),
    Member(key="sam", name="Sam Okoro", address="sam@harbourline.example"),
)

letters = (
    Written(
        key="welcome", day=30, time="08:05", by="hugo", to="nora tomas",
        subject="Secure messaging from today",
        text="""Dear both,

from today client correspondence goes through this platform instead of ordinary mail. Three habits are enough:

- write to any address; whoever has no account is invited when you press Send Secure,
- look at the Delivery Slip before you telephone to ask whether something arrived,
- if a message went to the wrong person, recall it at once and tell me afterwards, in that order.

The support address on every page reaches me. There is no stupid question this week.

Hugo""",
    ),
    Written(
        key="welcome-2", of="welcome", day=30, time="09:40", by="nora",
        text="""Thank you, Hugo. One question from the stupid kind: does a client see that I copied Tomás in Bcc?

Nora""",
    ),
    Written(
        key="welcome-3", of="welcome-2", day=30, time="09:58", by="hugo",
        text="""No. A Bcc is known to you and to the person copied; no list, number or history that the client sees gives it away.

Hugo""",
    ),
    Written(
        key="estate", day=28, time="07:30", by="tomas", to="mira sofia", cc="nora",
        subject="Hartmann estate: where we stand",
        text="""Dear Ms Kessler, dear Ms Brandt,

the probate court has confirmed the will of 3 March. Nobody contested it within the period, so we can begin with the inventory. I need from each of you:

- the account statements for the year of death, all pages,
- a list of household goods above 500 euros, with a photograph where you have one,
- anything in writing about the loan of 2019.

Please answer to all of us, so that nobody works from an older list. Nora Lindqvist stands in for me from Thursday to Monday.

With kind regards
Tomás Ortega""",
    ),
    Written(
        key="estate-2", of="estate", day=27, time="16:22", by="mira", answers_all=True,
        text="""Dear Mr Ortega,

the statements are complete from January to October; November follows when the bank has closed the account. Of the loan there is only a letter from my father, two sentences, no date. Is that enough?

The piano is not household goods, if I may say so before my sister does. It was mine.

Mira Kessler""",
    ),
    Written(
        key="estate-3", of="estate-2", day=27, time="18:03", by="sofia", answers_all=True,
        text="""The piano was in my parents' house for forty years and I have never heard otherwise.

For the loan: I have a photograph of the same letter with the envelope. The postmark is from May 2019.

Sofia Brandt""",
    ),
    Written(
        key="estate-4", of="estate-3", day=26, time="08:10", by="nora", answers_all=True,
        text="""Dear Ms Kessler, dear Ms Brandt,

a letter with a postmark is good evidence; please keep the envelope and do not write on it.

On the piano I suggest that we list it with a note, "ownership claimed by Mira Kessler", and decide when the list is whole. A note costs nobody anything.

With kind regards
Nora Lindqvist, for Tomás Ortega""",
    ),
    Written(
        key="estate-5", of="estate-4", day=26, time="12:47", by="mira", answers_all=True,
        text="""Agreed, with the note.

Mira Kessler""",
    ),
    Written(
        key="opinion", day=24, time="09:15", by="nora", to="jun", cc="tomas",
        subject="Expert opinion in Weber ./. Lindenhof: questions of the court",
        text="""Dear Dr. Park,

the court asks three things of you, and wishes no more than four pages:

- Was the fall on 12 June sufficient to cause the injury seen on 14 June?
- Could the injury have been older?
- What would a treatment without delay have changed?

The records follow once Ms Weber has released you from confidentiality; I have her word for this week. The court's date for your opinion is the tenth of next month.

With kind regards
Nora Lindqvist""",
    ),
    Written(
        key="opinion-2", of="opinion", day=23, time="19:20", by="jun", answers_all=True,
        text="""Dear Ms Lindqvist,

I accept. A remark on the second question before I have seen a single picture: bone does not carry a date, only a range. I can say "between five and twelve days" in good conscience and will not be moved to "seven".

Jun Park""",
    ),
    Written(
        key="opinion-3", of="opinion-2", day=22, time="07:52", by="nora", answers_all=True,
        text="""A range is exactly what the court should hear. Ms Weber signed yesterday evening; you may begin.

Nora Lindqvist""",
    ),
    Written(
        key="opinion-4", of="opinion-3", day=12, time="20:41", by="jun", answers_all=True,
        text="""Dear Ms Lindqvist, dear Mr Ortega,

my findings in short, the signed opinion goes to the court by courier:

- Yes, the fall is sufficient.
- It cannot be excluded that the injury is up to five days older; it is not likely.
- Two weeks earlier in a splint would have spared the operation. I would put it at four cases in five.

Jun Park""",
    ),
    Written(
        key="lease", day=21, time="10:00", by="nora", to="elin", bcc="tomas",
        subject="Lease Lindenstrasse 14: wording of section 7",
        text="""Dear Ms Vogt,

my client can live with the indexation, but not with a period of three months in which to object. We propose:

"The tenant may object within six months of receipt. The objection does not suspend payment."

If your client insists on three, please say why; I would rather understand it than fight it.

Nora Lindqvist""",
    ),
    Written(
        key="lease-2", of="lease", day=20, time="15:31", by="elin",
        text="""Dear Ms Lindqvist,

the three months come from a template that nobody has read since 2011. My client accepts your sentence as it stands.

Notarisation on the 28th at ten? The parties need identity documents, nothing else.

Elin Vogt""",
    ),
    Written(
        key="lease-3", of="lease-2", day=20, time="16:05", by="nora",
        text="""The 28th at ten suits us. Thank you for the candour about the template; ours is from 2009.

Nora Lindqvist""",
    ),
    Written(
        key="wrong", day=18, time="13:12", by="nora", to="elin",
        subject="Settlement offer, internal assessment",
        text="""Tomás,

between us: I would go down to 84,000 before I let this go to trial. The second witness is weak and they know it.

Nora""",
    ),
    Written(
        key="trust", day=17, time="08:44", by="sofia", of="estate-4",
        text="""Dear Ms Lindqvist,

only to you, please: my sister will not say so, but she cannot keep the piano where she lives now. If the estate paid for the transport and a year of storage, I believe the matter would be over. It must not look like my idea.

Sofia Brandt""",
    ),
    Written(
        key="trust-2", of="trust", day=17, time="11:30", by="nora",
        text="""Understood, and it will not. Costs of storage belong to the estate anyway until the list is closed; I shall simply say so.

Nora Lindqvist""",
    ),
    Written(
        key="draft-inventory", day=15, time="14:00", by="tomas", to="mira sofia", cc="nora",
        subject="Hartmann estate: draft inventory",
        text="""Dear Ms Kessler, dear Ms Brandt,

the draft inventory has 61 lines. Please look at three: 14 (flat in Lisbon, value of June), 22 (the loan, now with the photograph) and 40 (piano, with the note).

Storage and transport of anything on the list are paid by the estate until we close it. That is the law, not a kindness.

Comments until Friday, to all of us.

With kind regards
Tomás Ortega""",
    ),
    Written(
        key="draft-inventory-2", of="draft-inventory", day=14, time="09:03", by="mira", answers_all=True,
        text="""Then I should like the piano to be stored, as long as it takes. Line 14: the flat above was sold in August for less. I have the notice.

Mira Kessler""",
    ),
    Written(
        key="draft-inventory-3", of="draft-inventory-2", day=14, time="10:15", by="sofia", answers_all=True,
        text="""No objection to storing it. No objection to anything else either.

Sofia Brandt""",
    ),
    Written(
        key="codes", day=13, time="09:00", by="hugo", to="nora tomas", lifetime=timedelta(days=5),
        subject="Door code until the locksmith comes",
        text="""The code of the side entrance is 4471 until the locksmith comes on Thursday. This message expires then, and the code with it.

Hugo""",
    ),
    Written(
        key="board", day=11, time="06:58", by="tomas", to="nora",
        subject="Weber ./. Lindenhof: shall we settle?",
        text="""Nora,

after Park's findings I would not wait for the hearing. The insurer's file handler changed this month; new people like a closed file. Shall I offer a conversation, without a figure?

Tomás""",
    ),
    Written(
        key="board-2", of="board", day=11, time="08:20", by="nora",
        text="""Yes. Without a figure, and after they have read the opinion, not before.

Nora""",
    ),
    Written(
        key="board-3", of="board-2", day=9, time="17:44", by="tomas",
        text="""They have read it. The new file handler asked what we would consider "a dignified end". I said that a figure with a comma in it would be a beginning. Meeting on the 30th.

Tomás""",
    ),
    Written(
        key="inheritance-tax", day=8, time="10:10", by="mira", of="draft-inventory",
        text="""Dear Mr Ortega,

the tax office has sent a form with nineteen pages and a date that was last Tuesday. Is that yours or mine?

Mira Kessler""",
    ),
    Written(
        key="inheritance-tax-2", of="inheritance-tax", day=8, time="11:02", by="tomas",
        text="""Ours, and already extended: the new date is the end of January. Put the form in an envelope and the envelope out of sight.

Tomás Ortega""",
    ),
    Written(
        key="harbour", day=6, time="09:25", by="nora", to="sam", unread="sam",
        subject="Harbourline: engagement letter and what I need first",
        text="""Dear Mr Okoro,

thank you for the conversation on Monday. Before we begin I need the shareholders' agreement in its last signed version and the names of everybody who may instruct us.

Nothing of this should travel by ordinary mail. The link in the notice leads you here; registering takes a minute, and your answers stay between us.

With kind regards
Nora Lindqvist""",
    ),
    Written(
        key="lease-4", of="lease-3", day=4, time="12:18", by="elin",
        text="""Dear Ms Lindqvist,

for the 28th: the landlord's managing director is abroad and will be represented. The power of attorney is notarised; I shall bring the original.

Elin Vogt""",
    ),
    Written(
        key="jun-invoice", of="opinion-4", day=3, time="18:30", by="jun", answers_all=True, unread="tomas",
        text="""Dear both,

the court has asked whether I can attend on the 30th. I can from two o'clock. Please let me know whether the settlement makes that unnecessary; I would not be sorry.

Jun Park""",
    ),
    Written(
        key="rota", day=2, time="07:45", by="hugo", to="nora tomas", unread="tomas",
        subject="Holidays: who is on call",
        text="""Dear both,

between the years one of you should be reachable by telephone, not by the platform. Please settle it between you and tell me until Friday; I shall put it on the answering machine.

Hugo""",
    ),
    Written(
        key="rota-2", of="rota", day=2, time="08:31", by="nora", answers_all=True, unread="tomas",
        text="""I take the 24th to the 29th, Tomás the rest, if he agrees. He owes me one from the summer.

Nora""",
    ),
    Written(
        key="closing", of="draft-inventory-3", day=1, time="15:50", by="sofia", answers_all=True, unread="nora tomas",
        text="""Dear all,

the bank has closed the account; the last statement shows 312.40 more than line 3. It is a refund of the electricity company, I have the letter.

Is there anything else before Thursday?

Sofia Brandt""",
    ),
    Written(
        key="piano", of="closing", day=0, time="06:40", by="mira", answers_all=True, unread="nora tomas",
        text="""From my side nothing. The movers come on Wednesday at nine, and Sofia has offered to be there. I thought you would like to know.

Mira Kessler""",
    ),
)  # fmt: skip

story = Story(
    name="Acme Legal",
    host="acme.localhost",
    accent="#1f5f4f",
    support_address="hugo@acme.example",
    members=members,
    letters=letters,
    recalls=(
        TakenBack(of="wrong", day=18, time="13:16", reason="This was meant for a colleague. I am sorry, Ms Vogt."),
    ),
    drafts=(
        Unfinished(
            by="nora",
            day=1,
            time="17:20",
            to="elin@vogt-notaries.example",
            subject="Lease Lindenstrasse 14: keys",
            text="Dear Ms Vogt,\n\none more thing before the 28th: the keys. There should be five, my client has seen four.",
        ),
    ),
    archived=(("nora", "welcome"), ("nora", "welcome-3"), ("tomas", "welcome")),
)
