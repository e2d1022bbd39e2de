"""The words of a run log: decisions, baselines, repeats, and which way is better."""

from __future__ import annotations

import re
from collections.abc import Iterable

from arbook.runs.text import name_of

# What a row's word says of it. "done" is a state and no decision: the experiment ran.
_WORDS = {
    "keep": "keep kept keeps keeping best new_best baseline accept accepted improve "
    "improved improvement improves better merge merged adopt adopted retain "
    "retained promote promoted approve approved select selected winner champion "
    "advance advanced new_record 保留 保持 採用 采用 采纳 接受 基线 基線 改进 "
    "改善 提升 最佳 維持 ベースライン 유지 채택 기준선 베이스라인 behalten "
    "angenommen übernommen basislinie gardé conservé accepté référence mantener "
    "mantenido conservado garder conserver accepter beibehalten akzeptiert "
    "verbessert mantenere tenere aceptar referencia base_line línea_base "
    "linea_base giữ tutuldu zachowaj исходный лучший conservar aceptado manter "
    "mantido aceito aceite tenuto mantenuto accettato behouden zachowano "
    "оставить оставлено оставлен сохранить сохранено сохранён принято принят "
    "базовая базовый бейзлайн",
    "discard": "discard discarded discards revert reverted reverts reject rejected rejects "
    "rollback rolled_back roll_back worse no_improvement not_improved drop "
    "dropped regress regressed regression not_kept no_keep not_better "
    "not_accepted no_gain no_change unchanged undo undone abandon abandoned "
    "prune pruned inferior dismiss dismissed decline declined 丢弃 丟棄 舍弃 "
    "捨棄 放弃 放棄 回滚 回滾 拒绝 拒絕 撤销 撤銷 还原 還原 破棄 却下 棄却 폐기 "
    "기각 되돌림 verworfen verwerfen abgelehnt zurückgesetzt rejeté abandonné "
    "annulé écarté descartado descartar rechazado revertido rejeitado scartato "
    "rifiutato annullato verworpen odrzucono отклонено отклонить отклонён "
    "отброшено отбросить отменено отмена откат откачено rejeter annuler "
    "abandonner rechazar revertir rejeitar scartare rifiutare verschlechtert "
    "zurückgerollt odrzuć reddedildi bỏ 无效 未采用 不採用",
    "crash": "crash crashed crashes error errors errored fail failed fails failure oom "
    "out_of_memory timeout timed_out time_out nan abort aborted killed diverged "
    "invalid broken exception 崩溃 崩潰 失败 失敗 错误 錯誤 超时 超時 エラー "
    "실패 오류 abgestürzt fehler fehlgeschlagen échec échoué erreur plantage "
    "fallido falló fallo falha falhou fallito errore mislukt błąd ошибка сбой "
    "провал упал abgebrochen çöktü сломано",
    "done": "ok okay success successful succeeded successfully done complete completed "
    "finished finish pass passed ran valid evaluated measured tested 成功 完成 "
    "通过 通過 完了 완료 fertig erledigt готово",
}  # fmt: skip
_STATUS = {word: status for status, words in _WORDS.items() for word in words.split()}
# These are decisions only where they are the whole cell.
_FLAGS = {
    **dict.fromkeys(("yes", "true", "y", "t"), "keep"),
    **dict.fromkeys(("no", "false", "n", "f"), "discard"),
}
_SIGNS = {
    **dict.fromkeys("✅✓✔☑🏆⭐🟢", "keep"),
    **dict.fromkeys("❌✗✘✖🔴↩⏪", "discard"),
    **dict.fromkeys("💥🔥", "crash"),
}
_FAILED = {"fail", "failed", "failure", "error", "crash", "crashed", "timeout", "oom", "violated"}
_OUTPUTS = {"json", "output", "metric", "metrics", "result", "results", "score", "value", "data"}
_DOUBT = {"candidate", "pending", "maybe", "tentative", "provisional", "proposed", "if", "for",
          "until", "none", "partial", "later", "review"}  # fmt: skip
# Between words: ASCII but letters, digits, _ and -; signs, and the punctuation of other scripts.
_BETWEEN = re.compile(
    "[\\x00-,./:-@\\[-^`{-\u00bf\u2000-\u2bff\u3000-\u303f\ufe00-\ufe0f\uff00-\uff20"
    "\U0001f000-\U0001faff]+"
)
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CJK_WORDS = [word for word in _STATUS if _CJK.search(word)]
_CJK_NOT = re.compile("[未不没沒無非]")


def status_of(cell: str) -> str:
    """Return what the word in a status cell says: keep, discard, crash, done or other.

    "done" is a state and no decision: the experiment ran. A word is none of these because another
    one is a part of it: NO_JSON is no "no".

    Examples
    --------
    >>> [status_of(c) for c in ("KEEP", "reverted", "**kept**", "discard (worse)", "OOM", "-")]
    ['keep', 'discard', 'keep', 'discard', 'crash', 'other']
    >>> [status_of(c) for c in ("success", "checks_failed", "keep-candidate", "保留✔", "no")]
    ['done', 'crash', 'other', 'keep', 'discard']
    """
    found = _STATUS.get(cell)
    if found:
        return found
    words = [word.strip("-_").replace("-", "_") for word in _BETWEEN.split(cell[:200].lower())]
    words = [word for word in words if word]
    if not words:
        signs = [_SIGNS[c] for c in cell[:200] if c in _SIGNS]
        return signs[0] if signs else "other"
    if len(words) == 1 and words[0] in _FLAGS:
        return _FLAGS[words[0]]
    return (
        _STATUS.get("_".join(words[:3]))
        or _STATUS.get("_".join(words[:2]))
        or ("crash" if words[0] not in _STATUS and words[1:2] and words[1] in _FAILED else "")
        or _one_word(words[0])
    )


def _one_word(word: str) -> str:
    """Return what the first word of a cell says."""
    if word in _STATUS:
        return _STATUS[word]
    if _CJK.search(word):
        kinds = {_STATUS[known] for known in _CJK_WORDS if known in word}
        if len(kinds) != 1:
            return "other"
        (kind,) = kinds
        return "discard" if kind == "keep" and _CJK_NOT.search(word) else kind
    parts = word.split("_")
    first = _STATUS.get(parts[0], "other")
    if len(parts) == 1 or first == "done":
        return "other"
    if first in ("keep", "discard", "crash") and parts[0] not in (
        "best",
        "better",
        "error",
        "drop",
    ):
        if _DOUBT & set(parts):
            return "other"
        others = {_STATUS.get(part, first) for part in parts[1:]} - {"done"}
        return first if first != "keep" or others <= {first} else "other"
    if parts[-1] in _FAILED or (parts[0] == "no" and parts[1] in _OUTPUTS):
        return "crash"
    return "other"


_FLAG_CELLS = {"1": "keep", "1.0": "keep", "0": "discard", "0.0": "discard"}


#: Columns whose yes says that a row was not kept.
AGAINST_NAMES = ("reverted", "rejected", "discarded", "rolled_back", "dropped")
_OPPOSITE = {"keep": "discard", "discard": "keep"}


def flag_of(cell: str, name: str = "kept") -> str:
    """Return keep, discard, crash, done or other for a cell of a column with yes and no.

    Examples
    --------
    >>> flag_of("1"), flag_of("false"), flag_of("false", "reverted"), flag_of("")
    ('keep', 'discard', 'keep', 'other')
    """
    kind = _FLAG_CELLS.get(cell) or status_of(cell)
    return _OPPOSITE.get(kind, kind) if name in AGAINST_NAMES else kind


def is_yes_or_no(cell: str) -> bool:
    """Return whether a cell only answers what its column's name asks.

    Examples
    --------
    >>> is_yes_or_no("Y"), is_yes_or_no("keep")
    (True, False)
    """
    return cell.lower() in _FLAGS


def is_success(cell: str) -> bool:
    """Return whether a word of state also says that something went well."""
    return cell[:200].lower().startswith(("succe", "ok", "pass"))


_BEFORE_BASELINE = re.compile(
    r"[(,;.]|\b(over|than|vs|versus|to|from|beats?|below|above|on|against|at|as"
    r"|add|combine|combined|combining|improve|improved|improving|extend|tune|tuned|keep|restore"
    r"|revert|match|matches|replace|like|no|not)\b",
    re.ASCII,
)
_AFTER_BASELINE = re.compile(
    r" *(\Z|[^a-z0-9 _+&-]|- |(with|on|at|for|in|again|re-?run|re-?measured?|run|measurement|seed"
    r"|config"
    r"|depth|repeat(ed)?|using|without)\b)",
    re.ASCII,
)


def names_baseline(commit: str, description: str) -> bool:
    """Return whether a row calls itself a baseline.

    Examples
    --------
    >>> names_baseline("__baseline__", ""), names_baseline("a1", "gpu 0: second baseline (seed 2)")
    (True, True)
    >>> names_baseline("a1", "wider, beats the baseline"), names_baseline("a1", "back to baseline")
    (False, False)
    >>> names_baseline("a1", "combine baseline pruning with gating")
    False
    """
    if "baseline" in commit.lower():
        return True
    before, word, after = description[:200].lower().partition("baseline")
    return bool(word and not _BEFORE_BASELINE.search(before) and _AFTER_BASELINE.match(after))


_ONLY_BASELINE = re.compile(
    r"[ *:.-]*((the|a|new|second|third|original|unmodified|re-?run|repeat(ed)?"
    r"|re-?measured?) +(of +)?)*"
    r"baseline([ ,:-]+(again|unmodified|unchanged|re-?run|repeat(ed)?"
    r"|re-?measured?))?[ *:.-]*([(][^\n]*)?"
)


def is_only_baseline(description: str) -> bool:
    """Return whether a row says of itself that it is a baseline, and nothing else.

    Examples
    --------
    >>> [is_only_baseline(d) for d in ("Baseline re-run (seed 2)", "baseline with more layers")]
    [True, False]
    """
    return bool(_ONLY_BASELINE.fullmatch(description[:200].lower()))


_AGAIN = (
    r"re-?runs?|re-?running"
    r"|repeat(s|ed)?(?= *(\Z|[:;,.)(\]-]|of |run|measure|with |baseline|best|again|\d|#))"
    r"|replicat(e|ed|es|ion)|verif(y|ied|ication)|confirm(s|ed"
    r"|ation)?"
    r"|re-?measur(e|ed|ement)|re-?test(ed)?|re-?eval(uat(e|ed|ion))?|re-?check(ed)?|sanity"
)
# At the start of a clause, for elsewhere it may be the name of something.
_REPEATED = re.compile(
    rf"(^|[:;(\[] *|[.,] +| [-\u2013\u2014] )({_AGAIN})( |\Z|[:;,.)\]-])"
    r"|\b(no|without) (code |config |any |further )*changes?\b"
    r"|\bsame (code|config|configuration|commit|settings|everything)\b"
    r"|(^|[ (\[])seed ?[=#:]? ?\d+ *([)\]:;,.]|\Z)",
    re.ASCII,
)


def is_repeat(description: str) -> bool:
    """Return whether a row says that it measures again what was measured before.

    Examples
    --------
    >>> [is_repeat(d) for d in ("rerun check", "wider (no code changes)", "confirm best, seed 2")]
    [True, True, True]
    >>> [is_repeat(d) for d in ("fill instead of String.repeat", "a new noise seed every step")]
    [False, False]
    """
    return bool(_REPEATED.search(description[:200].lower()))


_LOWER = re.compile(
    r"(^|_)(bpb|bpc|bpt|loss|losses|logloss|rmse|nrmse|mse|msle|mae|mape|smape|error(?!_free)"
    r"|errors|err"
    r"|perplexity|ppl|nll|wer|cer|eer|ece|brier|crps|fid|latency|ttft|tpot|runtime|time|duration"
    r"|elapsed|wall"
    r"|cost|regret|drop|gap|drawdown|mdd|ms|us|ns|seconds|secs|p50|p90|p95|p99|bytes|violations"
    r"|misses"
    r"|failures|energy)(_|$)"
)
_RATE = re.compile(
    r"_per_(s|sec|second)(_|$)|(^|_)(tok|toks|tokens?|it|iters?|samples|images|img|reqs?|ops"
    r"|steps|mb|gb)_(s|sec)(_|$)"
)
_HIGHER = re.compile(
    r"(^|_)(acc|accuracy|score|scores|performance|f1|f0_?5|f_?beta|auc|auroc|auprc|r2|mcc|kappa|reward|rewards"
    r"|return|returns"
    r"|pnl|profit|throughput|speed|speedup|precision|recall|bleu|rouge|map|iou|dice|sharpe"
    r"|sortino|calmar|cagr|roi"
    r"|win|wins|hit|hits|ndcg|mrr|psnr|ssim|pass|passed|passing|mfu|error_free|corr|correlation"
    r"|pearson|spearman"
    r"|elo|tps|qps|rps|fps|iops|gflops|tflops|bandwidth|success|coverage|solved|points|quality"
    r"|utility|exact_match"
    r"|likelihood|loglik|elbo)(_|$)"
)  # fmt: skip


def direction_of(metric: str) -> str | None:
    """Return "min" or "max" where a metric's name says which is better, else None.

    Examples
    --------
    >>> [direction_of(m) for m in ("val_bpb", "neg_mse", "performance", "metric_after")]
    ['min', 'max', 'max', None]
    >>> direction_of("tokens_per_sec"), direction_of("Error (lower is better)")
    ('max', 'min')
    """
    said = direction_said(metric)
    if said:
        return said
    name = name_of(metric)
    if _RATE.search(name):
        return "max"
    if _LOWER.search(name):
        return "max" if name.startswith(("neg_", "negative_")) else "min"
    return "max" if _HIGHER.search(name) else None


_SAYS_MAX = re.compile(
    r"(higher|larger|greater|bigger|more)[ _-]*(is|are|=)?[ _-]*better|maximi[sz]|\u2191"
    r"|(direction|goal|objective|mode|optimi[sz]e)[^a-z0-9]{1,5}(max|higher|up)([^a-z]|\Z)"
)
_SAYS_MIN = re.compile(
    r"(lower|smaller|less|fewer)[ _-]*(is|are|=)?[ _-]*better|minimi[sz]|\u2193"
    r"|(direction|goal|objective|mode|optimi[sz]e)[^a-z0-9]{1,5}(min|lower|down)([^a-z]|\Z)"
)


def direction_said(text: str) -> str | None:
    """Return "min" or "max" where a text says which is better, else None.

    Examples
    --------
    >>> direction_said("# metric_direction: higher_is_better"), direction_said("loss ↓")
    ('max', 'min')
    """
    text = text[:300].lower()
    up, down = bool(_SAYS_MAX.search(text)), bool(_SAYS_MIN.search(text))
    return None if up == down else "max" if up else "min"


def first_direction(texts: Iterable[tuple[int, str]]) -> tuple[int, str] | None:
    """Return the first line that says which way is better, and which; None if no line does."""
    for line, text in texts:
        said = direction_said(text)
        if said:
            return line, said
    return None
