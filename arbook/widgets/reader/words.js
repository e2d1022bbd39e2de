// The words of a run log: decisions, baselines, and which way is better. The twin of arbook.runs.words.
import { head, nameOf } from "./text.js";

// What a row's word says of it. "done" is a state and no decision: the experiment ran.
const STATUS_WORDS = new Map(Object.entries({
  keep: "keep kept keeps keeping best new_best baseline accept accepted improve improved improvement improves "
    + "better merge merged adopt adopted retain retained promote promoted approve approved select selected "
    + "winner champion advance advanced new_record 保留 保持 採用 采用 采纳 接受 基线 基線 改进 改善 提升 最佳 維持 ベースライン 유지 채택 기준선 "
    + "베이스라인 behalten angenommen übernommen basislinie gardé conservé accepté référence mantener mantenido "
    + "conservado garder conserver accepter beibehalten akzeptiert verbessert mantenere tenere aceptar "
    + "referencia base_line línea_base linea_base giữ tutuldu zachowaj исходный лучший conservar aceptado "
    + "manter mantido aceito aceite tenuto mantenuto accettato behouden zachowano оставить оставлено "
    + "оставлен сохранить сохранено сохранён принято принят базовая базовый бейзлайн",
  discard: "discard discarded discards revert reverted reverts reject rejected rejects rollback rolled_back "
    + "roll_back worse no_improvement not_improved drop dropped regress regressed regression not_kept "
    + "no_keep not_better not_accepted no_gain no_change unchanged undo undone abandon abandoned prune "
    + "pruned inferior dismiss dismissed decline declined 丢弃 丟棄 舍弃 捨棄 放弃 放棄 回滚 回滾 拒绝 拒絕 撤销 撤銷 还原 還原 破棄 却下 "
    + "棄却 폐기 기각 되돌림 verworfen verwerfen abgelehnt zurückgesetzt rejeté abandonné annulé écarté descartado "
    + "descartar rechazado revertido rejeitado scartato rifiutato annullato verworpen odrzucono отклонено "
    + "отклонить отклонён отброшено отбросить отменено отмена откат откачено rejeter annuler abandonner "
    + "rechazar revertir rejeitar scartare rifiutare verschlechtert zurückgerollt odrzuć reddedildi bỏ 无效 "
    + "未采用 不採用",
  crash: "crash crashed crashes error errors errored fail failed fails failure oom out_of_memory timeout "
    + "timed_out time_out nan abort aborted killed diverged invalid broken exception 崩溃 崩潰 失败 失敗 错误 錯誤 超时 "
    + "超時 エラー 실패 오류 abgestürzt fehler fehlgeschlagen échec échoué erreur plantage fallido falló fallo falha "
    + "falhou fallito errore mislukt błąd ошибка сбой провал упал abgebrochen çöktü сломано",
  done: "ok okay success successful succeeded successfully done complete completed finished finish pass "
    + "passed ran valid evaluated measured tested 成功 完成 通过 通過 完了 완료 fertig erledigt готово",
}).flatMap(([status, words]) => words.split(" ").map((word) => [word, status])));
/** @type {(words: Iterable<string>, status: string) => [string, string][]} */
const each = (words, status) => [...words].map((word) => [word, status]);
// These are decisions only where they are the whole cell.
const FLAGS = new Map([...each(["yes", "true", "y", "t"], "keep"), ...each(["no", "false", "n", "f"], "discard")]);
const DECISION_SIGNS = new Map([
  ...each("✅✓✔☑🏆⭐🟢", "keep"), ...each("❌✗✘✖🔴↩⏪", "discard"), ...each("💥🔥", "crash"),
]);
const FAILED = ["fail", "failed", "failure", "error", "crash", "crashed", "timeout", "oom", "violated"];
const OUTPUTS = ["json", "output", "metric", "metrics", "result", "results", "score", "value", "data"];
const DOUBT = ["candidate", "pending", "maybe", "tentative", "provisional", "proposed", "if", "for", "until",
  "none", "partial", "later", "review"];
// Between words: ASCII but letters, digits, _ and -; signs, and the punctuation of other scripts.
const BETWEEN_WORDS = new RegExp("[\\x00-,./:-@\\[-^`{-\u00bf\u2000-\u2bff\u3000-\u303f\ufe00-\ufe0f"
  + "\uff00-\uff20\u{1f000}-\u{1faff}]+", "u");
const CJK = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;
const CJK_WORDS = [...STATUS_WORDS].filter(([word]) => CJK.test(word));
const CJK_NOT = /[未不没沒無非]/;

/** What the word in a status cell says: keep, discard, crash, done or other. @type {(cell: string) => string} */
export function statusOf(cell) {
  const known = STATUS_WORDS.get(cell);
  if (known) return known;
  const start = head(cell, 200);
  const words = start.toLowerCase().split(BETWEEN_WORDS)
    .map((word) => word.replace(/^[-_]+|[-_]+$/g, "").replaceAll("-", "_")).filter((word) => word);
  if (!words.length) {
    for (const sign of start) {
      const kind = DECISION_SIGNS.get(sign);
      if (kind) return kind;
    }
    return "other";
  }
  const flag = words.length === 1 ? FLAGS.get(words[0]) : undefined;
  if (flag) return flag;
  return STATUS_WORDS.get(words.slice(0, 3).join("_")) ?? STATUS_WORDS.get(words.slice(0, 2).join("_"))
    ?? (!STATUS_WORDS.has(words[0]) && FAILED.includes(words[1]) ? "crash" : statusOfWord(words[0]));
}

// What the first word of a cell says.
function statusOfWord(word) {
  const known = STATUS_WORDS.get(word);
  if (known) return known;
  if (CJK.test(word)) {
    const kinds = new Set(CJK_WORDS.filter(([part]) => word.includes(part)).map(([, kind]) => kind));
    const [kind] = kinds;
    if (kinds.size !== 1) return "other";
    return kind === "keep" && CJK_NOT.test(word) ? "discard" : kind;
  }
  const parts = word.split("_"), first = STATUS_WORDS.get(parts[0]) ?? "other";
  if (parts.length === 1 || first === "done") return "other";
  if (first !== "other" && !["best", "better", "error", "drop"].includes(parts[0])) {
    if (parts.some((part) => DOUBT.includes(part))) return "other";
    const others = parts.slice(1).map((part) => STATUS_WORDS.get(part) ?? first).filter((kind) => kind !== "done");
    return first !== "keep" || others.every((kind) => kind === first) ? first : "other";
  }
  if (FAILED.includes(parts[parts.length - 1]) || (parts[0] === "no" && OUTPUTS.includes(parts[1]))) return "crash";
  return "other";
}

const FLAG_CELLS = new Map([["1", "keep"], ["1.0", "keep"], ["0", "discard"], ["0.0", "discard"]]);

/** Columns whose yes says that a row was not kept. */
export const AGAINST_NAMES = ["reverted", "rejected", "discarded", "rolled_back", "dropped"];
const OPPOSITE = new Map([["keep", "discard"], ["discard", "keep"]]);

/** The same for a cell of a column with yes and no. @type {(cell: string, name?: string) => string} */
export function flagOf(cell, name = "kept") {
  const kind = FLAG_CELLS.get(cell) ?? statusOf(cell);
  return AGAINST_NAMES.includes(name) ? OPPOSITE.get(kind) ?? kind : kind;
}

/** Whether a cell only answers what its column's name asks. @param {string} cell */
export const isYesOrNo = (cell) => FLAGS.has(cell.toLowerCase());

/** Whether a word of state also says that something went well. @param {string} cell */
export const isSuccess = (cell) => /^(succe|ok|pass)/.test(head(cell, 200).toLowerCase());

const BEFORE_BASELINE = new RegExp("[(,;.]|\\b(over|than|vs|versus|to|from|beats?|below|above|on|against"
  + "|at|as|add|combine|combined"
  + "|combining|improve|improved|improving|extend|tune|tuned|keep|restore|revert|match|matches|replace"
  + "|like|no|not)\\b");
const AFTER_BASELINE = new RegExp("^ *($|[^a-z0-9 _+&-]|- |(with|on|at|for|in|again|re-?run|re-?measured?"
  + "|run|measurement|seed|config"
  + "|depth|repeat(ed)?|using|without)\\b)", "u");

/** Whether a row calls itself a baseline. @type {(commit: string, description: string) => boolean} */
export function namesBaseline(commit, description) {
  if (commit.toLowerCase().includes("baseline")) return true;
  const words = head(description, 200).toLowerCase(), at = words.indexOf("baseline");
  return at >= 0 && !BEFORE_BASELINE.test(words.slice(0, at)) && AFTER_BASELINE.test(words.slice(at + 8));
}

const ONLY_BASELINE = new RegExp("^[ *:.-]*((the|a|new|second|third|original|unmodified|re-?run|repeat(ed)?"
  + "|re-?measured?) +(of +)?)*baseline([ ,:-]+(again|unmodified|unchanged|re-?run|repeat(ed)?"
  + "|re-?measured?))?[ *:.-]*([(][^\\n]*)?$");

/** Whether a row says of itself that it is a baseline, and nothing else. @param {string} description */
export const isOnlyBaseline = (description) => ONLY_BASELINE.test(head(description, 200).toLowerCase());

const LOWER_IS_BETTER = new RegExp("(^|_)(bpb|bpc|bpt|loss|losses|logloss|rmse|nrmse|mse|msle|mae|mape"
  + "|smape|error(?!_free)|errors|err"
  + "|perplexity|ppl|nll|wer|cer|eer|ece|brier|crps|fid|latency|ttft|tpot|runtime|time|duration|elapsed"
  + "|wall|cost|regret|drop|gap|drawdown|mdd|ms|us|ns|seconds|secs|p50|p90|p95|p99|bytes|violations"
  + "|misses|failures|energy)(_|$)");
const IS_A_RATE = new RegExp("_per_(s|sec|second)(_|$)|(^|_)(tok|toks|tokens?|it|iters?|samples|images"
  + "|img|reqs?|ops|steps|mb"
  + "|gb)_(s|sec)(_|$)");
const HIGHER_IS_BETTER = new RegExp("(^|_)(acc|accuracy|score|scores|performance|f1|f0_?5|f_?beta|auc|auroc|auprc|r2"
  + "|mcc|kappa|reward|rewards|return"
  + "|returns|pnl|profit|throughput|speed|speedup|precision|recall|bleu|rouge|map|iou|dice|sharpe"
  + "|sortino|calmar|cagr|roi|win|wins|hit|hits|ndcg|mrr|psnr|ssim|pass|passed|passing|mfu|error_free"
  + "|corr|correlation|pearson|spearman|elo|tps|qps|rps|fps|iops|gflops|tflops|bandwidth|success"
  + "|coverage|solved|points|quality|utility|exact_match|likelihood|loglik|elbo)(_|$)");
/** Whether a metric's name is that of a rate. @param {string} name */
export const isRate = (name) => IS_A_RATE.test(name);

/** "min" or "max" where a metric's name says which is better, else null. @param {string} metric */
export function directionOf(metric) {
  const said = directionSaid(metric);
  if (said) return said;
  const name = nameOf(metric);
  if (isRate(name)) return "max";
  if (LOWER_IS_BETTER.test(name)) return /^neg(ative)?_/.test(name) ? "max" : "min";
  return HIGHER_IS_BETTER.test(name) ? "max" : null;
}

const SAYS_MAX = new RegExp("(higher|larger|greater|bigger|more)[ _-]*(is|are|=)?[ _-]*better|maximi[sz]"
  + "|\\u2191|(direction|goal"
  + "|objective|mode|optimi[sz]e)[^a-z0-9]{1,5}(max|higher|up)([^a-z]|$)", "u");
const SAYS_MIN = new RegExp("(lower|smaller|less|fewer)[ _-]*(is|are|=)?[ _-]*better|minimi[sz]|\\u2193"
  + "|(direction|goal|objective"
  + "|mode|optimi[sz]e)[^a-z0-9]{1,5}(min|lower|down)([^a-z]|$)", "u");

/** "min" or "max" where a text says which is better, else null. @param {string} text */
export function directionSaid(text) {
  const words = head(text, 300).toLowerCase(), up = SAYS_MAX.test(words), down = SAYS_MIN.test(words);
  return up === down ? null : up ? "max" : "min";
}
