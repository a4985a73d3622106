/**
 * Who meets a question: the rules of a questionnaire, as the server has them (surveys/rules/activation.py).
 */

/**
 * @typedef {number | number[]} Answer
 * @typedef {Record<string, any>} Rule one of equals, in, answered, not, and, or
 * @typedef {{name: string, variables: string[], rule: Rule | null, alone: number[]}} Question
 */

/**
 * @param {Answer | undefined} answer
 * @returns {number[]}
 */
const given = (answer) => (answer === undefined ? [] : Array.isArray(answer) ? answer : [answer]);

/**
 * Whether a rule holds for these answers. What is not among them is not answered.
 *
 * @param {Rule} rule
 * @param {Record<string, Answer>} answers
 * @returns {boolean}
 */
export function holds(rule, answers) {
  if ("equals" in rule) {
    return given(answers[rule["equals"][0]]).includes(rule["equals"][1]);
  }
  if ("in" in rule) {
    return given(answers[rule["in"][0]]).some((code) => rule["in"][1].includes(code));
  }
  if ("answered" in rule) {
    return given(answers[rule["answered"]]).length > 0;
  }
  if ("not" in rule) {
    return !holds(rule["not"], answers);
  }
  if ("and" in rule) {
    return rule["and"].every((/** @type {Rule} */ part) => holds(part, answers));
  }
  return rule["or"].some((/** @type {Rule} */ part) => holds(part, answers));
}

/**
 * The questions that are met. Rules look back only, so one pass is enough; answers to what is not shown do not count.
 *
 * @param {Question[]} questions of one page, in their order
 * @param {Record<string, Answer>} earlier answers of other pages
 * @param {Record<string, Answer>} here answers of this one
 * @returns {Set<string>} names of questions
 */
export function shown(questions, earlier, here) {
  const counted = { ...earlier };
  const found = new Set();
  for (const question of questions) {
    if (question.rule && !holds(question.rule, counted)) {
      continue;
    }
    found.add(question.name);
    for (const name of question.variables) {
      const answer = here[name];
      if (answer !== undefined) {
        counted[name] = answer;
      }
    }
  }
  return found;
}

/**
 * What stays chosen of several answers when one more is, where some are chosen alone ("none of these").
 *
 * @param {number[]} chosen with the newest
 * @param {number} newest
 * @param {number[]} alone
 * @returns {number[]}
 */
export function apart(chosen, newest, alone) {
  return alone.includes(newest) ? [newest] : chosen.filter((code) => !alone.includes(code));
}
