"""What words mean alike when people explain how models learn: the checklist's built-in synonyms.

One line is one idea: its name, then the words and turns of speech (joined by `_`) that carry it.
A word may stand in several lines. Inflections are found by `stems`, slips by `spelling`.
"""

from __future__ import annotations

from .text import words

IDEAS = """
loss: loss losses error cost penalty mistake how_wrong how_far_off punish punishment bill fine
mistake: mistake error slip blunder miss
probability: probability chance chances likelihood likely probable odds percent % p prob how_sure how_likely bet bets share confidence distribution belief believed
unlikely: unlikely improbable hardly_believed surprised surprising surprise low_p small_p
confident: confident sure certain convinced cocky certainty
parameter: parameter param weight knob slider dial w theta setting coefficient screw number
number: number figure value score amount quantity
gradient: gradient slope derivative grad steepness dl dw dl/dw sensitivity grads
model: model network net machine ai bot neural system it
token: token word next_word
right: right correct true actual real truth ground_truth target proper
guess: guess predict prediction bet output forecast estimate say
text: text sentence data example sample sequence passage document corpus material instance
small: small tiny little low slight bit hair minute gentle gently baby modest fine few slow careful carefully cautious small-ish less reduced smaller lower mini short
large: large big huge high great giant enormous massive giant long bold larger bigger higher immense
fall: fall drop decrease decline shrink sink reduce lower decay go_down come_down get_smaller get_lower brought_down bring_down less become_less get_less ease_off brake slow_down fade dwindle improve turn_down taper lessen
rise: rise grow increase climb go_up get_bigger get_larger get_higher raise up explode shoot_up blow_up more turn_up ramp ramp_up speed_up soar worse go_through_the_roof
down: small tiny little low less fewer smaller lower fall drop decrease decline shrink sink reduce go_down come_down get_smaller zero 0 near_zero nothing unlikely none halve
up: large big huge high great more bigger larger higher rise grow increase climb go_up get_bigger explode shoot_up blow_up infinity infinite endless soar expensive
zero: zero 0 nought nothing nil none
backwards: backward backwards back reverse end_to_start from_the_end from_the_loss upstream last_layer_first backprop back_through reversed
backpropagation: backpropagation backprop backward_pass back_propagation reverse_mode backward_sweep backprops backward reverse_pass
forwards: forward forwards front_to_back forward_pass
layer: layer layers stage level row floor
chain_rule: chain_rule
multiply: multiply times product multiplication factor scale weighted * ×
add: add sum total plus addition together pile_up add_up accumulate up
minus: minus subtract negative take_away deduct opposite against minus_log
log: log logarithm ln logs minus_log
divide: divide ratio over per divided quotient
against: against opposite other_way minus subtract downhill contrary counter reverse down_the_slope descend descent opposed other_direction opposite_direction negative other_side down
along: along same_direction in_the_direction of_its uphill with_the_gradient climb
step: step move change nudge update shift turn adjust adjustment stride push tweak jump leap tug correction
change: change move update adjust alter modify touch tweak nudge shift correct fix set turn_up turn_down wiggle turn edit
unchanged: unchanged unmoved untouched same_weights_as_before exactly_the_same nothing_changes nothing_moves
blame: blame responsible responsibility fault culprit guilty contribute contribution share part involved portion how_much role influence
average: average mean averaged averaging avg
noise: noise noisy jitter random scatter spread odd peculiar peculiarity quirk outlier fluctuation variance deviation jagged wobble erratic shaky odd_parts crank weird individual
cancel: cancel even_out average_out balance_out wash_out knock_each_other drop_out smooth compensate offset eat_each_other disappear vanish die evens cancel_out level_out neutralize smoother
batch: batch batches bunch group minibatch crowd pile many_texts many_examples set lots many several
many: many several lots multiple all whole bunch hundreds thousands plenty multitude tons loads various more different
parallel: parallel at_once at_the_same_time same_time simultaneously together in_one_go one_go side_by_side concurrently in_parallel at_one_time one_pass single_pass one_sweep all_at_once same_moment
hardware: hardware gpu gpus chip processor graphics_card graphics_cards card cores computer machine tpu silicon cpu accelerator
idle: idle unused waste wasted bored empty waiting half_empty fill full busy saturate unoccupied
random: random arbitrary untrained nonsense rubbish garbage fresh new newborn by_chance dice clueless know_nothing knows_nothing nothing_yet brand_new scrambled noise meaningless haphazard
start: start beginning begin first early initially outset at_first opening initial
end: end later late final finally last finish ending towards_the_end near_the_end close_to_the_goal
trust: trust reliable rely believe meaningful reliably trustworthy dependable sensible misleading
throw: throw fling wreck ruin destroy derail damage harm kick blow blow_up break spoil mess off_track astray off_course bad_place diverge explode hurl knock somewhere_bad
overshoot: overshoot jump_over fly_over leap_over leap hop past too_far miss beyond bounce zigzag diverge far_side other_side skip_over blow_up explode higher_up step_over
bounce: bounce oscillate zigzag jump back_and_forth to_and_fro hop swing ping_pong rattle circle around back_forth side_to_side left_right jitter ricochet
settle: settle converge land rest fine_tune fine precise precisely home_in come_to_rest polish stay nestle calm
peak: peak top maximum max full_rate full_speed highest plateau
rate: rate learning_rate lr step_size eta η rates pace alpha stride_length step_length speed
local: local here spot just_here nearby underfoot right_there neighborhood small_region square_metre
momentum: momentum inertia ball heavy_ball running_average velocity
speed: speed fast faster accelerate quick quicker build_up accumulate momentum pile_up gain
memorize: memorize memorise by_heart rote recite parrot parroting cram store learn_off repeat_word_for_word copy remember_exactly photographic off_by_heart learnt_off memorization memorisation memory regurgitate remember word_for_word verbatim overfit
rule: rule pattern understand understanding common meaning regularity principle idea concept behind structure share generalize generalise gist general point grasp sense logic
generalize: generalize generalise new_text new_texts unseen never_seen works_on_new cope transfer generalization generalisation apply
held_out: held_out hold_out held-out kept_out keep_out keep_aside kept_aside keep_back kept_back set_aside put_aside hide hidden unseen unpractised drawer never_trained not_trained never_seen validation test_set separate reserve reserved withhold withheld hold_back to_one_side test_text keep_apart new_text new_texts fresh_text has_not_seen never_saw out_of_the_training not_seen put_away locked_away lock_away never_met
test: test check measure exam examine try quiz ask evaluate see judge assess find_out compare tell
goal: goal aim point purpose want target after good_enough enough objective
proof: proof prove show mean tell guarantee say understand understood evidence sign know trust
new: new unseen fresh unknown other different never_seen unfamiliar later never_met
train: train training learn practise practice study learning trained pre-training drill exercise
wording: wording phrasing formulation way words sentence version phrase form paraphrase reworded worded put manner phrased ways angle
several: several many different multiple various varied more_than_one two three few variety number_of lots other
same: same identical equal one single
fact: fact thing information content statement knowledge
wiggle: wiggle nudge turn change tweak jiggle increase raise shift push poke vary move add alter bump finite_difference perturb turn_up
expensive: expensive dear cost costly slow too_much far_too_much forever ages unaffordable impossible billions infeasible years hopeless million out_of_the_question too_long wasteful never_finish eternity too_slow
each: each every per all single individual one one_by_one any separately
whole: whole full complete entire again one another
input: input inputs in feed receive take_in signal incoming
output: output outputs put_out out result give_out produce hand_on pass_on
neuron: neuron unit mixer node cell mixing_desk
activation: activation bend bent kink relu gelu sigmoid nonlinear nonlinearity non-linear squash threshold gate valve curve squashed tanh nonlinearities
pass: pass let let_through through go_through let_pass open allow let_on
block: block hold_back stop held_back zero cut_off suppress shut close filter closed clip flatten nothing keep_back
next: next following subsequent after
previous: previous before earlier preceding prior left past so_far last
mask: mask masked causal_mask triangular causal look_ahead
see: see look peek peep cheat view attend access know read glance spy
later: later after future ahead follow right_of come_after following next behind
position: position place spot slot location token every_word point
write: write generate generation inference produce use writing generates run compose by_itself on_its_own speak real_use talking chat alone deployed
own: own self itself its_own own_words own_guess own_output own_guesses own_picks own_samples what_it_said what_it_wrote own_words
wrong: wrong bad odd mistake false error incorrect slip strange off misstep
lead: lead cause snowball pile_up grow build breed drag follow derail spiral drift compound worse more another chain_reaction avalanche domino accumulate carry
both: both two either together
training_loss: training_loss train_loss loss_on_training training_curve train_curve training_error train_error train training_number
validation_loss: validation_loss val_loss validation_curve val_curve test_loss held_out_loss validation val validation_error val_error loss_on_held_out
overfit: overfit overfitting over-fitting over-fit by_heart memorize memorise memorising memorizing
underfit: underfit underfitting under-fitting under-fit too_small not_learned
level: level_off flat rise stall stop stuck plateau stagnate climb go_up turn_up increase grow worse up not_fall
stay: stay remain keep stuck stand hang hardly_move do_not_fall sit
once: once one_time single_time a_single_time one_look one_epoch hardly_twice only_once never_twice first_time
repeat: repeat again again_and_again over_and_over many_times epochs several_times times many_epochs repeatedly
pretraining: pre-training pretraining pre-train pretrain
finetuning: fine-tuning finetuning fine-tune finetune fine_tuning tuning
hold: hold stay keep flat constant steady stable remain fixed plateau level maintain
gradual: gradual gradually smooth smoothly gently slowly slow bit_by_bit all_along whole_run little_by_little from_the_start throughout all_the_way steadily continuous continuously over_the_run curve
warmup: warm-up warmup warm_up warming
cosine: cosine cos
wsd: wsd warmup-stable-decay warm-up-stable-decay
sqrt: square_root root sqrt √ √b σ/√b root_of
half: half halve halved twice_as_exact cut_in_half 2
four: four 4 fourfold quadruple four_times
double: double twice two_times 2x doubling
vocabulary: vocabulary v vocab words possible_words all_words possible_word
uniform: same equal equally uniform uniformly evenly even alike equal_chance blind 1/v each
surprise: surprise surprised shock unexpected astonished
loop: loop again repeat over_and_over cycle round thousands next_batch start_over again_and_again many_times iterate million_times
critical: critical threshold
signal: signal common true_gradient
steps: step update
save: save gain buy help benefit pay worth use reduction profit bring
compromise: compromise balance balanced suit fit_both serve all_of_them everyone fair mixed mix fits_all common suits agree at_once
pull: pull drag tug yank push drive swing
to_and_fro: to_and_fro back_and_forth left_right zigzag this_way other_way other_direction unlearn one_way opposite two_bosses hither here_and_there forget
meet: meet happen come use
several_places: several many two more different both multiple several_places two_places many_places branch fork
path: path route way branch place fork road
"""
FUNCTION = words(
    "a an the this that these those it its itself he she they them their there here we us our you "
    "your i me my one's who whom whose which what when where why how of in on at by for with from "
    "to into onto off up down out over under as than then so if because since while whereas though "
    "although but and or nor yet not no never none n't is are was were be been being am do does did "
    "done has have had can could will would shall should may might must let lets gets get got just "
    "only also too very much more most some any all each every both either neither own same such "
    "it's that's there's don't doesn't isn't can't won't you're you've i'd i'm they're what's "
    "u n w r ur ya its thats dont doesnt isnt cant wont im gonna kinda tbh like well now again "
    "about after before between through during until against without within upon per via "
    "goes go went make makes made give gives gave take takes tell tells say says said becomes become "
    "want means mean happens"
)
NEGATORS = words(
    "not no never none nobody nothing neither nor without cannot cant can't hardly barely rarely "
    "scarcely dont don't doesnt doesn't isnt isn't wont won't didnt didn't wasnt wasn't arent aren't "
    "werent weren't wouldnt wouldn't couldnt couldn't shouldnt shouldn't havent haven't hasnt hasn't "
    "needn't neednt nowhere ain't aint"
)
BREAKS = words(
    "but however because while whereas although though so since which when if then instead until "
    "as who unless"
)
NOT_NEGATING = (
    ("not", "only"), ("not", "just"), ("not", "merely"), ("not", "sure"), ("no", "matter"), ("no", "wonder"),
    ("nothing", "but"), ("no", "doubt"), ("why", "not"), ("don't", "know"), ("dont", "know"), ("not", "simply"),
    ("not", "quite"), ("no", "idea"), ("nothing", "else"), ("none", "other"), ("don't", "remember"),
)  # fmt: skip
OTHERS = words(
    "people some many they everyone students learners beginners folks most others somebody someone "
    "one laypeople newcomers"
)
SUPPOSE = words("think believe assume suppose imagine say claim expect thought reckon")
"""`people think …` tells what others hold, which is not what the answer states."""
UNTRUE = (
    "not true", "isn't true", "is false", "untrue", "a myth", "misconception", "misunderstanding",
    "that is wrong", "that's wrong", "not the case", "is wrong to", "it is wrong that", "not correct that",
    "not right that", "common mistake",
)  # fmt: skip
TURNS = words("but however actually really fact rather")
PRONOUNS = words("it this that they them these those its their he she which such so there")
