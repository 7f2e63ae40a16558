"""The small words of English that decide how something is said: stated, denied, or reported."""

from __future__ import annotations

from .text import phrases, words

FUNCTION = words(
    "a an the this that these those it its itself he she they them their there here we us "
    "our you your i me my one's who whom whose which what when where why how of in on at "
    "by for with from to into onto off up down out over under as than then so if because "
    "since while whereas though although but and or nor yet not no never none n't is are "
    "was were be been being am do does did done has have had can could will would shall "
    "should may might must let lets gets get got just only also too very much more most "
    "some any all each every both either neither own same such it's that's there's don't "
    "doesn't isn't can't won't you're you've i'd i'm they're what's u n w r ur ya its "
    "thats dont doesnt isnt cant wont im gonna kinda tbh like well now again about after "
    "before between through during until against without within upon per via goes go went "
    "make makes made give gives gave take takes tell tells say says said becomes become "
    "want means mean happens"
)
VERBS = words(
    "is are was were be been am isn't aren't wasn't has have had does do did doesn't "
    "don't didn't can can't could will won't would should may might must gets get got "
    "makes make made gives give gave goes go went takes take becomes become means it's "
    "that's they're its thats dont doesnt"
)
PASSED_OVER = FUNCTION - words(
    "both all each every same own only more most less too again now neither own give take "
    "make tell say gives takes makes tells says want mean up down off out over under "
    "before after between through against own well happens become"
)
"""Words of a phrase that need not be found."""
NEGATORS = words(
    "not no never none nobody nothing neither nor without cannot cant can't hardly barely "
    "rarely scarcely dont don't doesnt doesn't isnt isn't wont won't didnt didn't wasnt "
    "wasn't arent aren't werent weren't wouldnt wouldn't couldnt couldn't shouldnt "
    "shouldn't havent haven't hasnt hasn't needn't neednt nowhere ain't aint"
)
BREAKS = words(
    "but however because while whereas although though so since which when if then "
    "instead until as who unless"
)
NOT_NEGATING = frozenset(
    phrases(
        "not only; not just; not merely; not sure; not simply; not quite; no matter; no "
        "wonder; no doubt; no idea; nothing but; nothing else; none other; why not; don't "
        "know; dont know; don't remember"
    )
)
HINDER = words("keep stop prevent hinder")
"""`keeps it from looking` denies the looking."""
AMOUNTS = words("near to at almost is costs cost for from gives pays towards nearly gets")
"""After these `nothing` is an amount: zero."""
OTHERS = words(
    "people some many they everyone students learners beginners folks most others "
    "somebody someone one laypeople newcomers"
)
SUPPOSE = words("think believe assume suppose imagine say claim expect thought reckon")
"""`people think …` tells what others hold, which is not what the answer states."""
UNTRUE = phrases(
    "not true; isn't true; is false; untrue; a myth; misconception; misunderstanding; "
    "that is wrong; that's wrong; not the case; is wrong to; it is wrong that; not "
    "correct that; not right that; common mistake; mistake to think; not so that"
)
TURNS = words("but however actually really fact rather")
PRONOUNS = words("it this that they them these those its their he she which such so there")
LINKS = words("and but so then because since when if after once now also")
