// What no client library sends by itself: members and producers that are stale, sequences out of order.
'use strict'

const { Raw, batch } = require('./raw')
const { expect } = require('./steps')
const { BASE_TIMESTAMP } = require('./records')

// Epoch, sequence and number of records: in order, doubled, ahead, behind; then a new epoch, which begins at 0 and
// fences the former one.
const PLAYED = [[0, 0, 2], [0, 2, 3], [0, 2, 3], [0, 9, 1], [0, 1, 1], [0, 5, 1], [1, 4, 1], [1, 0, 2], [0, 6, 1], [1, 2, 1]]
// A fresh group with one member has been through few generations.
const GENERATIONS = 10

async function withRaw(steps, body) {
  const raw = await Raw.open(steps.bootstrap)
  try {
    return await body(raw)
  } finally {
    raw.close()
  }
}

// The topic has one partition, which has a leader.
function sequences(steps, topic) {
  return withRaw(steps, async (raw) => {
    const producer = await raw.producerId()
    const answers = []
    for (const [epoch, sequence, count] of PLAYED) {
      const values = Array.from({ length: count }, (_, i) => `value-${i}`)
      const answer = await raw.produce(topic, batch(producer, epoch, sequence, values, BASE_TIMESTAMP))
      answers.push(`e${epoch} s${sequence}+${count} ${answer}`)
    }
    return answers.join(', ')
  })
}

// The group's only member stays in it while others speak in its name.
function stale(steps, group, topic) {
  return withRaw(steps, async (raw) => {
    const name = await raw.onlyMember(group)
    let right = 1
    while (right < GENERATIONS && (await raw.heartbeat(group, [right, name, null])) !== 'NONE') {
      right += 1
    }
    expect(right < GENERATIONS, "the member's generation is found")
    const cases = {
      right: [right, name, null],
      'older generation': [right - 1, name, null],
      'newer generation': [right + 1, name, null],
      'unknown member': [right, 'nobody', null],
      'unknown instance': [right, name, 'i9'],
    }
    const answers = []
    for (const [told, one] of Object.entries(cases)) {
      const beat = await raw.heartbeat(group, one)
      answers.push(`${told}: heartbeat ${beat} commit ${await raw.commit(group, one, topic)}`)
    }
    return answers.join(', ')
  })
}

module.exports = { sequences, stale }
