"""The words of denying, for each language: how a no begins, what takes it back, what denies without a no.

Patterns are matched on text in lower case. In the lists white space separates alternatives and `_` stands for a space.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Negation:
    """Patterns of one language; all but `statement`, `short_negation` and those on questions stand at a beginning."""

    fillers: re.Pattern[str]
    """What may stand before the answer proper."""
    agreement: re.Pattern[str]
    """A yes."""
    refusal: re.Pattern[str]
    """A no, which denies what a question raised that asks for yes or no."""
    emphatic: re.Pattern[str]
    """A no that denies whatever was asked; also the weak ones ("nicht wirklich")."""
    reversal: re.Pattern[str]
    """What takes a no back, right after it."""
    unsure: re.Pattern[str]
    """An answer that leaves the question open."""
    statement: re.Pattern[str]
    """Words that deny by themselves that something mattered, happened or troubled."""
    short_negation: re.Pattern[str]
    """The negation in a short answer without a no ("Hab ich nicht.")."""
    double: re.Pattern[str]
    """Two negations that affirm."""
    complaint: re.Pattern[str]
    """Something good that is negated: a problem is affirmed."""
    asks_for_good: re.Pattern[str]
    """A question whether something was good: who denies it affirms a problem."""
    asks_for_weight: re.Pattern[str]
    """A question whether something mattered, worried or troubled: who denies it denies the topic."""
    open_question: re.Pattern[str]
    """The beginning of a question that yes or no does not answer."""
    connectives: re.Pattern[str]
    """What may stand before a question proper."""


def _alternatives(words: str) -> str:
    return "|".join(words.replace("_", r"\s").split())


def _anywhere(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_alternatives(words)})\b")


def _first(words: str) -> re.Pattern[str]:
    return re.compile(rf"[\s\"„“«¡¿'–—-]*(?:{_alternatives(words)})\b")


def _clause(words: str) -> re.Pattern[str]:
    """A first clause of its own: the words, then a mark or the end."""
    return re.compile(rf"[\s\"„“«¡¿'–—-]*(?:{_alternatives(words)})(?=\s*(?:[,.;:!?…–—-]|$))")


def _leading(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:[\s,.…!¡–—-]*(?:{_alternatives(words)})\b)*[\s,.…!¡¿–—-]*")


def _question(words: str) -> re.Pattern[str]:
    return re.compile(rf"[\s\"„“«¡¿'–—-]*(?:[\w'-]+(?:\s[\w'-]+)?,\s)?(?:{_alternatives(words)})\b")


GERMAN = Negation(
    fillers=_leading(
        "ähm? äh+ also ach na_ja naja h+m+ puh tja oh uff du mei und haha ja(?=,?_n(?:ein|ee|ö)) "
        "(?:ganz_)?ehrlich(?:_gesagt)? (?:lieber_|um_)?gott(?:es_willen)? na(?=,?_(?:gar|überhaupt))"
    ),
    agreement=_anywhere("ja klar natürlich genau sicher freilich jawohl doch logisch selbstverständlich"),
    refusal=_first("nein nee+ ne(?=[,._]) nö+ nope nä+ naa"),
    emphatic=_first(
        r"(?:überhaupt|gar|wirklich|absolut|ganz_und_gar)_(?:nicht|nich|net|ned|nit|nie|kein\w*)s? gar_nichts weder "
        r"keineswegs keinesfalls mitnichten auf_(?:gar_)?keinen_fall in_kein(?:st)?er_weise nicht_im_geringsten null "
        r"nicht_die_spur kein_bisschen kein_stück keine_spur nie(?:mals)? von_wegen ach_wo ach_was i_?wo "
        r"auch_(?:das_)?nicht kein_einziges_mal nicht_ein(?:e|mal|en)?_\w+ nicht_wirklich eher_nicht eigentlich_nicht "
        r"nicht_(?:so_)?(?:richtig|besonders|unbedingt) (?:ich_)?glaube?_nicht nicht_dass_ich_wüsste kaum "
        r"erst_?mal_nicht noch_nie"
    ),
    reversal=_first(
        r"ich_meine?_(?:ja|doch|schon) (?:quatsch|moment|warte|stopp|halt)[\s,.]*(?:doch|ja) doch na_?ja klar obwohl "
        r"nicht_(?:nur|bloß|allein) (?:also_)?ja(?!_aber) (?:das_)?(?:stimmt|richtig|ist_richtig|ist_wahr) natürlich "
        r"schon auch(?!_(?:das_)?nicht) (?:das|der|die|es)_(?:war|hat|ist|hatte|waren)_(?:\w+_){0,3}(?:schon|sehr_wohl)"
    ),
    unsure=_first(
        r"(?:das_)?(?:weiß|weiss|wüsst\w*)_(?:ich|i)(?:_\w+){0,4}_(?:nicht|nich|net|nimmer) "
        r"ich_weiß_(?:es_|das_)?nicht "
        r"(?:da_)?(?:hab_ich_)?keine_ahnung keinen_schimmer (?:das_)?kann_ich_(?:\w+_){0,4}nicht_(?:sagen|beurteilen) "
        r"(?:ich_)?kann_mich_nicht_(?:mehr_)?erinnern da_müsst\w* schwer_zu_sagen jein ja_und_nein keine_frage"
    ),
    statement=_anywhere(
        r"(?:null|kein\w*)_(?:\w+_)?rolle (?:kein|nie|nie_ein|nie_mein)_(?:thema|kriterium|faktor|punkt|grund) "
        r"kein(?:e[nrm]?|erlei)?_(?:\w+_)?(?:sorgen?|angst|bedenken|bange|zweifel|stress|ärger|problem\w*|mangel) "
        r"keine_(?:schwierigkeiten|beschwerden|option) (?:wurscht|wurst|schnuppe|schnurz\w*|unerheblich|nebensächlich) "
        r"(?:war|ist|wär\w*)(?:_\w+){0,4}_(?:egal|gleichgültig|einerlei|völlig_gleich) "
        r"(?:nie|nicht|net|kein\w*_(?:sekunde|minute|moment))_(?:dran|daran|drüber|darüber|drum)(?:_\w+)?_?\w*dacht "
        r"(?:nicht|nie|net|null)_in_?frage kein\w*_gedanken? nichts_(?:gestört|vermisst|zu_tun) "
        r"(?:nie|null|nicht|net|keine_\w+)_(?:interessiert|gejuckt|gestört|beschäftigt|gekratzt|belastet|gestresst) "
        r"(?:nie|null|nicht|net)_(?:gekümmert|beeinflusst|gereizt|bewegt|vorgekommen|überlegt|erwogen|aufgefallen) "
        r"(?:nie|nicht|net)_(?:bang|in_den_sinn|zur_debatte) nicht_(?:meckern|klagen|behaupten) "
        r"nichts_(?:auszusetzen|zu_meckern|zu_beanstanden)"
    ),
    short_negation=_anywhere(r"nicht(?!_nur|_bloß|_allein) nich net ned nie niemals kein\w*"),
    double=_anywhere(
        r"(?:nicht|nich|kein\w*|net)_(?:ganz_|völlig_|gerade_|so_)?(?:egal|gleichgültig|wurscht|schnuppe) "
        r"(?:nicht|kein\w*|net)_(?:ganz_|gerade_|so_)?un(?:wichtig|erheblich|wesentlich|bedeutend|interessant)\w* "
        r"nicht,?_dass_(?:\w+_){0,6}(?:nicht|nie|kein\w*|egal) nicht_ohne "
        r"(?:nicht|kaum)_(?:sagen|behaupten),?_(?:\w+_){0,2}dass_(?:\w+_){0,6}(?:nicht|nie|kein\w*|egal)"
    ),
    complaint=_anywhere(
        r"(?:nicht|nich|net|nie|kaum)_(?:\w+_){0,3}(?:gefallen|geklappt|funktioniert|gegangen|verstanden|begriffen) "
        r"(?:nicht|nich|net|nie|kaum)_(?:\w+_){0,3}(?:kapiert|zufrieden|geholfen|gut|schön|angekommen|gemeldet|klar) "
        r"(?:nicht|nich|net|nie|kaum)_(?:\w+_){0,3}(?:reagiert|erreicht|gereicht|überzeugt|glücklich|getraut|leicht) "
        r"(?:nicht|nich|net|nie|kaum)_(?:\w+_){0,3}(?:einfach|schlau|gelungen|geschafft) keine_(?:antwort|hilfe)"
    ),
    asks_for_good=_anywhere(
        "gefallen geklappt funktioniert verstanden zufrieden geholfen gelungen geschafft gefreut gereicht schnell "
        "verständlich leicht einfach hilfreich freundlich angenehm gut glücklich überzeugt vertraut "
        "sicher_gefühlt reibungslos"
    ),
    asks_for_weight=_anywhere(
        r"wichtig rolle kriterium thema punkt gezählt wert_gelegt überlegt gedacht angst sorgen? bedenken befürcht\w+ "
        r"probleme? schwierig\w* schwer gestört geärgert lästig zu_viel verglichen"
    ),
    open_question=_question(
        r"(?:(?:mit|auf|an|in|für|von|bei|nach|zu|aus|seit|über|um)_)?(?:was|wann|we[rnm]|wie(?!_wichtig|_sehr)) "
        r"(?:(?:mit|auf|an|in|für|von|bei|nach|zu|aus|seit|über)_)?welche[mnrs]?(?!_rolle) wieso warum weshalb "
        r"wo(?:ran|mit|hin|her|rauf|für|rum|durch|nach|von|bei|raus|rin|rüber)? erzähl\w* beschreib\w* schilder\w*"
    ),
    connectives=_leading("und also okay ok gut ja aber dann ach_so ah h+m+ verstehe denn noch_eins"),
)

SPANISH = Negation(
    fillers=_leading(
        "u+y+ a+y+ pues bueno a_ver hombre mujer eh+ h*m+ uf+ la_verdad mira oye y ah sinceramente de_verdad vaya "
        "(?:ja)+ uh"
    ),
    agreement=_anywhere("sí claro por_supuesto desde_luego exacto efectivamente cómo_no"),
    refusal=_clause(r"no nop creo_que_no (?:yo_)?diría_que_no (?:lo_de_|del?_|el_|la_|los_|las_)?\w+_no"),
    emphatic=_first(
        r"no_(?:no_)*(?:para_nada|en_absoluto|qu[ée]_va|nunca|jamás|tampoco) para_nada en_absoluto qu[ée]_va "
        r"ni_hablar de_ninguna_manera nada_de_(?:nada|eso) ni_mucho_menos ni_de_broma "
        r"ni_(?:se_)?me_(?:lo_)?\w+ ni_(?:lo|la|los|las)_\w+ ni_un[oa]?_\w+ jamás nunca tampoco ningun[oa] cero apenas "
        r"no_mucho no_demasiado no_especialmente no_realmente la_verdad_es_que_no más_bien_no (?:yo_)?creo_que_no"
    ),
    reversal=_first(
        r"(?:quiero_decir|digo|o_sea|bueno|perdona?|perdón)[\s,.]*(?:que_)?sí sí s[oó]lo solamente únicamente también "
        r"(?:bueno[\s,.]*)?(?:sí[\s,.]*)?un_poco (?:es_)?(?:verdad|cierto) claro (?:hombre|mujer)[\s,.]*(?:sí|claro) "
        r"(?:es_)?que_sí aunque si_(?:\w+_)*sí"
    ),
    unsure=_first(
        r"no_(?:lo_|le_|te_)?s(?:é|abría) ni_idea no_(?:me_)?(?:acuerdo|recuerdo) no_tengo_(?:ni_)?idea quién_sabe "
        r"sí_y_no no_te_creas no_veas no_te_imaginas no_lo_sabes_bien"
    ),
    statement=_anywhere(
        r"no_(?:me_|nos_|le_|se_)?(?:influy\w+|pesó|pesaba|import\w+|pint(?:ó|aba)|contó|contaba|afectó|preocup\w+) "
        r"no_(?:me_|nos_|le_|se_)?(?:molest\w+|interes\w+|lo_plante\w+|plante\w+|quit\w+_el_sueño) nada_que_ver "
        r"no_(?:jugó|jugaba|tuvo|tenía)_(?:ningún_|ninguna_|mucha_)?(?:papel|que_ver|importancia|peso|influencia) "
        r"(?:ni|no)_(?:se_)?me_(?:lo_)?(?:pas\w+_por_la_cabeza|ocurri\w+|plante\w+) me_traía_sin_cuidado "
        r"me_(?:daban?|dio|da|era|es)_(?:completamente_|totalmente_)?(?:igual|lo_mismo|indiferente) ni_media_queja "
        r"(?:ning[uú]n[ao]?|sin|cero)_(?:\w+_)?(?:problemas?|quejas?|dudas?|miedo|pegas?|preocupación|líos?) "
        r"problema_con_eso[\s,]*(?:cero|ninguno) no_hubo_(?:ningún_)?problemas? no_le_pongo_ni_un_pero "
        r"no_(?:fue|era|es|ha_sido)_(?:un_|ningún_|una_)?(?:problema|tema|criterio|factor|motivo|preocupación|cuestión)"
    ),
    short_negation=_anywhere("no(?!_s[oó]lo|_solamente|_únicamente) nunca tampoco ni jamás"),
    double=_anywhere(
        r"no_(?:es|era|fue)_que_no no_(?:me_)?(?:era|daba|da|fue)_(?:del_todo_|tan_)?(?:igual|indiferente) "
        r"no_dej\w+_de no_(?:es|era|fue)_(?:nada_)?(?:indiferente|irrelevante) "
        r"no_(?:puedo|podría)_decir_que_no no_es_poc[ao] no_sin"
    ),
    complaint=_anywhere(
        r"(?:no|nunca|jamás|tampoco)_(?:\w+_){0,2}(?:gust\w+|funcion\w+|entend\w+|entiend\w+|convenc\w+|ayud\w+) "
        r"(?:no|nunca|jamás|tampoco)_(?:\w+_){0,2}(?:contest\w+|respond\w+|lleg\w+|consegu\w+|pud\w+|pod\w+|aguant\w+) "
        r"(?:no|nunca|jamás|tampoco)_(?:\w+_){0,2}(?:fi(?:aba|é|o)|atrev\w+|solucion\w+|arregl\w+|iba_bien|va_bien) "
        r"no_(?:fue|era|es)_(?:nada_)?(?:fácil|claro|sencillo) no_(?:\w+_){0,2}content[oa]s?"
    ),
    asks_for_good=_anywhere(
        r"gust\w+ funcion\w+ entend\w+ ayud\w+ content[oa]s? satisfech\w+ rápid\w+ fácil\w* sencill\w+ clar[oa]s? "
        r"útil\w* amables? bien buen[oa]s? convenc\w+ confi\w+ segur[oa]s?"
    ),
    asks_for_weight=_anywhere(
        r"import\w+ papel influ\w+ pes[óao]\w* criterio cont[óa]\w* preocup\w+ miedo dudas? problemas? molest\w+ "
        r"difícil\w* plante\w+ pens\w+ demasiad\w+ compar\w+"
    ),
    open_question=_question(
        r"(?:(?:por|para|a|en|de|con|desde|hacia|sobre)_)?(?:qué(?!_importancia|_papel)|quién(?:es)?|cuál(?:es)?) "
        r"(?:(?:por|para|a|en|de|con|desde|hacia|sobre)_)?(?:cuándo|cuánt[oa]s?|dónde|cómo) cu[ée]nt[ae]\w* háblame"
    ),
    connectives=_leading("y e pero entonces vale bueno perfecto ok okay ah pues muy_bien"),
)

ENGLISH = Negation(
    fillers=_leading(
        "u+m+ u+h+ well oh honestly h+m+ so look to_be_honest gosh god and (?:yeah|yes)(?=,?_no) actually frankly haha"
    ),
    agreement=_anywhere("yes yeah yep sure of_course exactly indeed"),
    refusal=_clause(
        r"no+ nope nah+ no_way "
        r"(?:i|we|it|that|they)_(?:didn't|wasn't|haven't|hadn't|don't|doesn't|weren't|couldn't|never_did)"
    ),
    emphatic=_first(
        r"not_at_all not_in_the_(?:least|slightest) never none nothing_(?:like_that|at_all) absolutely_not "
        r"no_(?:no_)*(?:not_at_all|not_really|never|none) definitely_not certainly_not not_once not_for_a_\w+ "
        r"not_a_(?:single_)?\w+ neither far_from_it hardly "
        r"not_(?:really|particularly|especially|much|so_much) not_that_i_(?:know|remember|recall) i_don't_think_so"
    ),
    reversal=_first(
        r"i_mean,?_(?:yes|yeah) (?:wait|sorry|actually|well)[\s,.]*(?:actually[\s,.]*)?(?:yes|yeah) yes yeah i_did "
        r"not_(?:only|just|merely) (?:you're|that's|quite)_(?:right|true) (?:maybe_)?a_(?:bit|little) also "
        r"it_(?:did|was)(?=\s*[,.!]) it_was_(?:quite_|very_|really_)?(?:important|relevant) "
        r"(?:totally|definitely|absolutely|exactly|true)(?!_not)"
    ),
    unsure=_first(
        r"i_(?:don't|wouldn't)_know (?:i(?:'ve|_have)?_)?(?:got_)?no_(?:idea|clue) "
        r"(?:i_)?(?:can't|don't|couldn't)_(?:really_)?(?:remember|recall|say|tell) "
        r"(?:i'm_)?not_(?:quite_|really_)?sure hard_to_(?:say|tell) yes_and_no who_knows "
        r"no_(?:doubt|wonder|kidding|matter|question)"
    ),
    statement=_anywhere(
        r"(?:not|n't|never)_(?:really_|ever_|even_|actually_|at_all_|for_me_)*(?:matter\w*|plays?_an?y?_(?:role|part)) "
        r"(?:not|n't|never)_(?:really_|ever_|even_)*(?:an?_)?(?:issue|factor|concern|topic|criterion|consideration) "
        r"(?:not|n't|never)_(?:really_|ever_|even_|that_)*(?:important|bother\w*|worr\w+|influenc\w+|consider\w*) "
        r"(?:not|n't|never)_(?:really_|ever_|even_)*(?:c[oa]me_(?:up|into)|cross\w*_my_mind|occur\w*_to_me) "
        r"(?:not|n't|never)_(?:really_|ever_|even_)*th(?:ink|ought)_(?:about|of) played_no_(?:role|part) "
        r"made_no_difference no_(?:problems?|issues?|trouble|worries|concerns?|fears?|complaints?) nothing_to_do_with "
        r"couldn't_care_less didn't_care of_no_(?:importance|interest) all_the_same_to_me nothing_to_complain_about"
    ),
    short_negation=_anywhere(r"not(?!_only|_just|_merely) no never none nothing nobody \w+n't"),
    double=_anywhere(
        r"(?:not|\w+n't)_(?:entirely_|exactly_|completely_)?(?:unimportant|irrelevant|indifferent|nothing) "
        r"(?:not|\w+n't)_that_(?:it|i|we|they)_(?:didn't|wasn't|weren't|never|don't) not_without "
        r"(?:wouldn't|can't|couldn't)_(?:really_)?say_(?:that_)?(?:it|i|we|they)_(?:didn't|wasn't|weren't|never|don't)"
    ),
    complaint=_anywhere(
        r"(?:not|\w+n't|never|hardly)_(?:\w+_){0,3}?(?:liked?|work(?:ed)?|understand|understood|help(?:ed)?) "
        r"(?:not|\w+n't|never|hardly)_(?:\w+_){0,3}?(?:answer\w*|repl\w+|respond\w*|happy|satisfied|convinced) "
        r"(?:not|\w+n't|never|hardly)_(?:\w+_){0,3}?(?:trust\w*|dare|good|great|clear|easy|manage|impressed)"
    ),
    asks_for_good=_anywhere(
        r"you_like liked work(?:ed)? understand help(?:ed|ful)? happy satisfied quick(?:ly)? fast clear easy simple "
        r"friendly useful well good enough smooth(?:ly)? convinced trust(?:ed)? feel_safe"
    ),
    asks_for_weight=_anywhere(
        r"matter\w* role part important factor consider\w* worr\w+ afraid fear\w* concern\w* problems? trouble "
        r"nuisance difficult\w* hard late bother\w* on_your_mind think compare\w* too_(?:many|much)"
    ),
    open_question=_question(
        r"(?:(?:in|at|on|for|with|from|to|by|of|about)_)?(?:what(?:'s)?|how(?!_important|_much)|when|who|whom) "
        r"(?:(?:in|at|on|for|with|from|to|by|of|about)_)?(?:which|whose|where) why tell_(?:me|us) describe walk_me "
        "take_me"
    ),
    connectives=_leading("and so but well okay ok alright right great yeah then oh i_see interesting"),
)

NEGATIONS = {"de": GERMAN, "es": SPANISH, "en": ENGLISH}
