"""What words mean alike when people explain how models learn: the checklist's synonyms.

A line is one idea. A rubric's phrase that uses its name or a word before the bar means the whole
line; the words after the bar are looser, and only an answer may use them for it. `_` joins a turn
of speech. A word may stand in several lines; inflections are found by `stems`.
"""

IDEAS = """
loss: cost penalty error | mistake punishment bill fine surprise inaccuracy how_wrong how_far_off
 how_bad
mistake: error slip blunder | wrong failure flaw fault
probability: chance likelihood likely how_likely how_sure odds p percent percentage | % prob bet
 bets share confidence belief believe figure stake
distribution: probabilities | list_of_chances percentages
unlikely: improbable | hardly_believed low_p small_p surprising
confident: sure certain convinced | cocky certainty dead_sure
parameter: weight knob slider dial coefficient | param w theta setting screw number value
number: figure value | score amount quantity
gradient: slope derivative | grad steepness dl dw grads sensitivity ∂
model: network net | machine ai bot brain system program computer
token: word | syllable
right: correct true real actual | truth ground_truth target proper
guess: predict prediction | bet output forecast estimate
text: sentence sample example document passage | data sequence corpus material set
small: tiny little low slight | thin bit hair minute gently gentle modest careful slow cautious
 less short fine mini few baby
large: big huge high great giant | enormous massive long bold immense full
fall: drop decrease decline shrink sink go_down come_down | reduce lower ease_off brake dwindle
 taper lessen get_smaller become_smaller get_lower become_less get_less brought_down bring_down
 turn_down slow_down less smaller down_again turned_down improve
rise: grow increase climb go_up | get_bigger get_larger get_higher raise ramp speed_up soar
 shoot_up turn_up more bigger larger worse explode go_through_the_roof turned_up ramp_up
down: small low less fewer smaller lower fall decrease drop go_down | tiny little decline shrink
 sink reduce get_smaller zero near_zero nothing unlikely none halve hardly cheap tend_to_zero
 come_down
up: large high more bigger larger higher rise increase grow go_up | big huge great climb
 get_bigger explode shoot_up blow_up infinity infinite endless soar expensive enormous worse
zero: nought nothing 0 |
infinite: endless infinity without_end explode blow_up | without_limit shoot_up no_limit skyrocket
backwards: backward back reverse | end_to_start from_the_end upstream last_layer_first
 back_through reversed from_end
backpropagation: backprop backward_pass backward_sweep | back_propagation reverse_mode backprops
 back_prop reverse_pass
layer: stage | level station row floor step_by_step
multiply: times product | multiplication factor scale weighted * × mult
add: sum total add_up | plus addition together pile_up accumulate adding
minus: subtract negative | take_away deduct -
log: logarithm ln | logs
divide: divided ratio | quotient per /
against: opposite downhill other_way | minus subtract contrary counter reverse descend descent
 negative down_the_slope other_direction down_hill way_down goes_down
step: move nudge update stride | change shift push tweak jump leap correction adjustment turn
change: move update adjust alter modify | touch tweak nudge shift correct fix turn edit mend act
unchanged: unmoved untouched | same_weights exactly_the_same nothing_changes as_before stay_as
blame: responsible fault | responsibility guilty contribution contribute involved portion how_much
 share influence role sensitivity
average: mean | averaged averaging avg
noise: noisy random jitter | scatter spread odd peculiar peculiarity quirk outlier fluctuation
 variance deviation jagged wobble erratic shaky crank crankiness accident chance
cancel: even_out average_out balance_out wash_out | knock_each_other drop_out compensate offset
 eat_each_other disappear vanish die cancel_out level_out neutralize smooth evens smoother
 averages_out
many: lots several hundreds thousands | multiple bunch plenty multitude tons loads various
batch: minibatch | bunch group crowd many set
parallel: at_once at_the_same_time simultaneously together | in_one_go one_go side_by_side
 concurrently one_pass single_pass one_sweep same_moment same_time in_a_single one_forward
hardware: gpu chip processor graphics_card | card core computer machine tpu silicon accelerator
 calculator
idle: unused waste bored empty | wasted waiting half_empty fill full busy saturate lonely
random: arbitrary untrained nonsense | rubbish garbage dice clueless scrambled meaningless
 haphazard know_nothing knows_nothing nothing_yet by_chance
fresh: new untrained brand_new newborn | first starting initial just_made start beginning
start: beginning begin first early | initially outset at_first opening initial fresh new
end: late later last finally | final finish ending afterwards close_to
trust: reliable rely believe | meaningful trustworthy dependable sensible misleading seriously
throw: wreck ruin destroy derail | fling damage harm kick break spoil mess off_track astray hurl
 knock off_course blow_up diverge explode
overshoot: jump_over fly_over leap_over diverge | leap hop too_far beyond past far_side other_side
 skip_over blow_up explode step_over worse zigzag land_higher
bounce: oscillate zigzag back_and_forth to_and_fro | hop swing ping_pong rattle jump ricochet
 wander side_to_side left_right around
settle: converge come_to_rest land | rest calm fine_tune precise precisely home_in polish nestle
 park quiet
peak: top maximum | full max full_speed full_rate highest
rate: learning_rate step_size lr | eta η pace alpha speed stride_length step_length throttle
local: here spot nearby | right_there neighborhood just_here underfoot metre right_here
memorize: by_heart rote parrot recite | cram memorise repeat_word_for_word regurgitate
 word_for_word verbatim off_by_heart memorization memorisation store copy learnt_off memory
rule: pattern understand idea | meaning regularity principle concept behind gist logic
 understanding grasp sense common structure
unseen: never_seen held_out new_text | not_seen never_trained unpractised fresh_text never_met
 validation test_set kept_out new unknown
held_out: kept_out held_back set_aside put_aside kept_aside hidden | keep_out hold_out hide drawer
 aside withheld reserve separate unseen to_one_side held-out never_trained hold_back keep_back
 apart put_away locked lock_away kept_back reserved
test: check measure exam | examine quiz ask evaluate judge assess compare try
goal: aim point purpose | want target after objective enough
prove: show mean tell guarantee | proof evidence sign understand understood
new: unseen fresh unfamiliar | unknown other different never_seen later
train: training learn practise | practice study drill exercise learning pre-train trained
wording: phrasing formulation version | way words sentence phrase paraphrase manner worded angle
 put form reworded
different: various varied several other | many multiple three few variety more_than_one two
same: identical equal |
wiggle: nudge jiggle tweak | turn poke shift perturb bump move change turn_up
expensive: dear slow unaffordable forever | costly cost too_much ages impossible billions years
 hopeless out_of_the_question too_long infeasible eternity
each: every per |
all: every whole entire each |
input: inputs | feed incoming fed take_in receive signal number
output: result | outputs put_out produce hand_on come_out
neuron: unit mixer node | cell neurone
activation: bend nonlinearity relu gate | bent kink gelu sigmoid nonlinear threshold valve squash
 tanh curve non-linear squashed
pass: let_through go_through | through let open
block: hold_back stop cut_off | held_back suppress shut close filter clip closed keep_back
previous: before earlier preceding left prior | past so_far
later: future ahead after following next | right_of come_after behind
mask: causal_mask masked | triangular causal
see: look peek peep | view attend know read glance spy cheat
position: place spot slot | location point token
write: generate speak inference | generation produce use writing compose alone by_itself run
 real_use generating on_its_own live chat
own: itself own_words | own_guess self its_own picks own_output own_guesses
wrong: bad incorrect false odd | mistake error slip strange off misstep nonsense
spread: snowball compound pile_up grow | lead cause build breed drag derail spiral drift worse
 chain_reaction avalanche domino accumulate carry continue
training_loss: train_loss loss_on_training training_curve train_curve training_error | train_error
validation_loss: val_loss validation_curve val_curve validation | val test_loss validation_error
overfit: overfitting | over-fitting over-fit overfits
underfit: underfitting | under-fitting under-fit
flat: level_off stall plateau stagnate | stop stuck level stand_still stays_put
once: one_time single_time | one_look one_epoch only_once single_look
repeat: again again_and_again over_and_over many_times epochs | several_times times repeatedly
 epoch
pretraining: pre-training pretrain pre-train |
finetuning: fine-tuning fine-tune fine_tuning fine_tune | finetune tuned
hold: stay keep constant flat steady | stable remain fixed plateau level maintain
gradual: gradually smooth smoothly slowly bit_by_bit | gently all_along whole_run little_by_little
 throughout steadily continuous all_the_way curve over_the_run along_the_way
warmup: warm-up warm_up warming |
sqrt: square_root | root √ √b
half: halve halved half_as | twice_as_exact
four: quadruple 4 fourfold |
double: twice | doubling 2x
vocabulary: v words | vocab possible
uniform: evenly equal equally same | even alike blind 1/v
loop: repeat again over_and_over cycle | round thousands next_batch start_over many_times iterate
compromise: balance suit fit | serve fair mixed mix everyone common agree
pull: drag tug push | yank drive swing
path: branch route way | fork road place
fast: quick speed accelerate | quicker faster build_up momentum
slow: forever ages hardly | long eternity nowhere patience snail crawl nothing
accumulate: add_up build_up pile_up gain | speed faster grow
only: just alone nothing_else |
people: person human engineers somebody someone | programmers developers experts man teacher
"""
