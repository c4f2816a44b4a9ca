"""One sentence or two for each thing the person who acted may be told."""

from bot.app.wording.language import mark
from bot.domain.decision import Say

SAYINGS: dict[Say, str] = {
    # answers
    Say.DONE: mark("Done."),
    Say.TOO_LATE: mark("This question is closed, so nothing was changed."),
    Say.WITHDRAWN_BEFORE: mark("This was withdrawn meanwhile. There is nothing left to answer."),
    Say.SAME_ANSWER: mark("That is your answer already. Nothing was changed."),
    Say.YES_RECORDED: mark("Your yes is recorded. Whatever comes of it, you hear by {moment} at the latest."),
    Say.NO_RECORDED: mark("Your no is recorded. Nobody hears of it."),
    Say.KNOWN_RECORDED: mark("Recorded: you already know each other. Nobody hears of it."),
    Say.NOT_NOW_RECORDED: mark("Recorded: not now. Nobody hears of it."),
    Say.BLOCK_RECORDED: mark("Blocked, and a no is recorded. Nobody is told. /intros privacy shows your list."),
    Say.REPORT_RECORDED: mark("Thank you. Your report goes to one person who looks after this, without your name."),
    Say.TAKEN_BACK: mark("Your yes is taken back. You can answer anew until {moment}."),
    Say.TERMS_FROZEN: mark(
        "The other one was asked over the words you added before: a yes counts only with exactly those. "
        "Nothing was changed."
    ),
    Say.CLOSED_ALREADY: mark("This is closed already, so there is nothing to withdraw."),
    Say.NOTHING_TO_TAKE_BACK: mark("There is no yes of yours to take back here."),
    Say.ALREADY_INTRODUCED: mark("You have both said yes and are introduced, so this cannot change any more."),
    Say.REFERRER_TOLD: mark("The one who suggested it knows of your no, so it stays."),
    Say.ONLY_AFTER_NO: mark("This goes with a no only. Answer first, then choose whether to tell."),
    Say.QUESTION_PASSED_ON: mark("Your question is on its way. The deadline of yours stays, so answer in time."),
    Say.QUESTION_ALREADY_ASKED: mark("You have asked your one question. The answer comes here."),
    Say.NO_REFERRER: mark("Nobody suggested this: the offer comes from the person themselves."),
    Say.ANSWER_PASSED_ON: mark("Your answer is on its way."),
    Say.ALREADY_ANSWERED: mark("You have answered this question. There is one answer to one question."),
    Say.GOT_IT: mark("Good. Have a good conversation."),
    Say.FIT_YES_RECORDED: mark("Recorded: it would fit. {referrer} hears of it now."),
    # drafts
    Say.WITHDRAWN: mark("Withdrawn. Whoever was asked sees that, and nothing more."),
    Say.TOO_LATE_TO_WITHDRAW: mark("Both have said yes and are being introduced, so it is too late to withdraw."),
    Say.ASKED: mark(
        "I am asking them now, in private. You hear by {moment} at the latest. What they answer stays theirs."
    ),
    Say.FIT_ASKED: mark("I am asking whether it would fit, in private. The draft waits until {moment} at the latest."),
    Say.KEPT_AS_LEAD: mark("Kept as a lead, for you alone. Nobody was asked. You find it in /intros mine."),
    Say.LEAD_SENT: mark("Your tip is on its way, without any name but yours."),
    Say.LEADS_NOT_WELCOME: mark("{who} takes no tips at present. You can suggest an introduction with /refer instead."),
    Say.DISCARDED: mark("Discarded. Nobody was asked."),
    Say.HELP_OFFERED: mark("Your offer is on its way, in private. You hear by {moment} at the latest."),
    Say.FROZEN: mark("This cannot change any more: what people are asked about stays as it is."),
    Say.NOT_FILTERED: mark("Two questions to you come first: do they need this, and do they fit?"),
    Say.NO_CARD_NO_YES: mark(
        "Without a card nobody can tell whether it fits, so this counts as “not sure”. Ask about the fit first, or ask "
        "them to write a card with /intros card."
    ),
    Say.FILTERED_OUT: mark("Then it is kept as a lead, for you alone. Nobody was asked, and you can take it up again."),
    Say.FIT_UNSURE: mark("Not sure is fine. “Ask about the fit first” describes the person to them without a name."),
    Say.FIT_CHECK_RUNNING: mark("The fit check is still running, so the draft cannot change before it ends."),
    Say.SCREENED: mark("It is ready. Read what they will see, then press “Ask them”."),
    Say.SAVED: mark("Saved."),
    Say.SEEKER_MISSING: mark("Who needs help? Choose the person. What you wrote is kept."),
    Say.PROVIDER_MISSING: mark("Who can help? Choose the person. What you wrote is kept."),
    Say.YOURSELF: mark("You cannot refer yourself. Choose two other people; for your own need there is /ask."),
    Say.SAME_PERSON: mark("Both are the same person. Choose two different people; what you wrote is kept."),
    Say.GUEST_NOT_YET: mark("Somebody outside the chat cannot be asked yet. Your draft is kept until they can."),
    Say.SEEKER_NOT_JOINED: mark("{who} has not joined yet, so I may not ask them. Your draft is kept."),
    Say.PROVIDER_NOT_JOINED: mark("{who} has not joined yet, so I may not ask them. Your draft is kept."),
    Say.NOT_JOINED: mark("You have not joined this group's introductions yet. Press “Join”, then try again."),
    Say.SEEKER_PAUSED: mark("{who} takes a break until {moment}. Your draft is kept; ask them after that."),
    Say.PROVIDER_PAUSED: mark("{who} takes a break until {moment}. Your draft is kept; ask them after that."),
    Say.TOO_MANY_TODAY: mark(
        "That is enough for today: the group's limit is {number} a day. Your draft is kept; ask tomorrow."
    ),
    Say.TOO_MANY_OPEN: mark(
        "Your group's limit of suggestions open at once is {number}. Your draft is kept; wait for one to close."
    ),
    Say.ONE_OPEN_WITH_THEM: mark(
        "One suggestion of yours with {who} is still open. Your draft is kept; wait until it closes."
    ),
    Say.TOO_NEW: mark("New members may suggest from {moment} on. Your draft is kept until then."),
    Say.PAIR_OPEN: mark("You have suggested these two already. Wait until {moment}; your draft is kept."),
    Say.PAIR_CLOSED: mark("You suggested these two before. You can do so again after {moment}; your draft is kept."),
    # asks
    Say.ASK_PREVIEW: mark("This is how your ask will look. Nobody else sees it yet."),
    Say.ASK_POSTED: mark("Your ask is in the channel. Who answers stays private; you close it in /intros mine."),
    Say.ASK_SAVED: mark("Your ask is changed."),
    Say.ASK_CLOSED: mark("Your ask is closed."),
    Say.ASK_NOT_OPEN: mark("This ask is closed, so there is nothing to do here."),
    Say.ASK_ENDS_IN_PAST: mark("The end date is over already. Choose today or a later day."),
    Say.OWN_ASK: mark("This is your own ask. Others can answer it."),
    Say.POSTING_AGAIN: mark("I am trying to post it now. If the channel does not let me, I write to you again."),
    # oneself
    Say.JOINED: mark("You are in. I have written to you in private with what that means."),
    Say.ALREADY_JOINED: mark("You are in already."),
    Say.HELLO_SENT: mark(
        "You are in as soon as my hello reaches you, in private; it is on its way. If none arrives, allow direct "
        "messages from members here in your privacy settings, then press “Try again”."
    ),
    Say.HELLO_AGAIN: mark("A hello is on its way to you, in private. If it arrives, so does everything else."),
    Say.HELLO_ON_ITS_WAY: mark("My hello to you is still on its way. Please wait a little."),
    Say.LEFT: mark("You have left. I ask you nothing more here; /intros join brings you back."),
    Say.CARD_SAVED: mark("Your card is saved."),
    Say.PAUSED: mark("You take a break. Nobody asks you anything until you are back."),
    Say.BACK: mark("Welcome back. You can be asked again."),
    Say.BLOCKED: mark("{who} is blocked. They are not told and will not notice."),
    Say.UNBLOCKED: mark("{who} is off your list."),
    Say.SETTINGS_SAVED: mark("Saved. It holds for what is started from now on."),
    Say.GROUP_STARTED: mark("This channel now has a group. I have said hello there; members join with the button."),
    Say.ORGANISERS_ONLY: mark("Only organisers of this group can do this. Ask one of them."),
    # after an introduction
    Say.OUTCOME_RECORDED: mark("Thank you. That is recorded."),
    Say.OUTCOME_TOLD: mark("{referrer} now hears what you said."),
    Say.LATER_CHOSEN: mark("Good. I ask you again 30 and 90 days after the introduction."),
    Say.LATER_DECLINED: mark("Good. I do not ask you again about this."),
    Say.READY_RECORDED: mark("Thank you. That is recorded, for the count alone."),
    Say.AMOUNT_RECORDED: mark("Thank you. It counts in the total of the whole group and is shown nowhere else."),
    Say.AMOUNTS_NOT_TAKEN: mark("Amounts are not counted here. Nothing was changed."),
    Say.THANKED: mark("Your thanks are on their way to {referrer}."),
    Say.THANKS_SHOWN: mark("Good. The weekly tally may show it."),
    Say.THANKS_NOT_SHOWN: mark("Good. The weekly tally does not show it."),
    Say.RECLASSIFIED: mark("Recorded: it counts as a lead now, and the count is put right."),
    Say.TOO_LATE_TO_RECLASSIFY: mark("Recorded. It is too late to count it differently, so the count stays."),
    Say.TESTIMONIAL_SAVED: mark("Kept. Nobody reads it before you let it stand on their card."),
    Say.TESTIMONIAL_SHOWN: mark("Good. It stands on the card."),
    Say.TESTIMONIAL_NOT_SHOWN: mark("Good. It is not on the card."),
    Say.FOLLOWED_UP_LONG_AGO: mark("This introduction was a long time ago, so nothing more is recorded about it."),
}
"""Places are {who}, {moment}, {number} and {referrer}."""
