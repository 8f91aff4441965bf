// Prints one line per step and counts those whose own assertions failed.
'use strict'

// Longest wait for a state, in milliseconds; it only bounds a failing run.
const PATIENCE = 20000

class Steps {
  constructor(bootstrap, prefix) {
    this.bootstrap = bootstrap
    this.prefix = prefix
    this.failures = 0
  }

  // A name, of a topic or of a group, that no other run uses.
  topic(name) {
    return `${this.prefix}-${name}`
  }

  // Runs a step; whatever it throws is a failed assertion, and the next step goes on.
  async step(name, body) {
    let result
    try {
      result = await body()
    } catch (failure) {
      this.failures += 1
      result = `FAIL ${codeOf(failure)}: ${failure.message}`
      console.error(failure)
    }
    console.log(`${name}\t${result.replace(/[\t\r\n]+/g, ' ')}`)
  }

  // A step this family cannot take, with the reason.
  skip(name, reason) {
    console.log(`${name}\tskip: ${reason}`)
  }

  async refuse(name, expected, body) {
    await this.step(name, () => refused(expected, body))
  }
}

// The protocol's name of an error, or `client: Class` for one the client made itself.
function codeOf(failure) {
  for (let one = failure; one; one = inner(one)) {
    if (one.type && one.code !== undefined && Number.isInteger(one.code)) {
      return one.type
    }
  }
  return `client: ${failure.name}`
}

// The library wraps errors in its own, each kind in its own way.
function inner(failure) {
  const [first] = failure.errors ?? failure.partitions ?? failure.groups ?? []
  return first ? first.error ?? first : failure.cause ?? failure.originalError
}

async function codeFrom(body) {
  try {
    return `accepted: ${JSON.stringify(await body())}`
  } catch (failure) {
    return codeOf(failure)
  }
}

// The code with which `body` is refused; an error where it is accepted or another code comes.
async function refused(expected, body) {
  return expectEqual(expected, await codeFrom(body))
}

function expect(holds, rule) {
  if (!holds) {
    throw new Error(`not so: ${rule}`)
  }
}

function expectEqual(expected, actual) {
  expect(expected === actual, `expected ${expected}, got ${actual}`)
  return String(actual)
}

// Polls until `condition` holds.
async function until(what, condition) {
  const deadline = Date.now() + PATIENCE
  while (!(await condition())) {
    expect(Date.now() < deadline, `in time ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

module.exports = { Steps, codeFrom, codeOf, expect, expectEqual, refused, until }
