// Clients with the settings of the suite: short waits, nothing hidden by long retries.
'use strict'

const { Kafka, Partitioners, logLevel } = require('kafkajs')
const { codeOf, until } = require('./steps')
const records = require('./records')

const LATER = ['GROUP_LOAD_IN_PROGRESS', 'GROUP_COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR_FOR_GROUP']

class Clients {
  constructor(steps) {
    this.steps = steps
    this.kafka = this.named('a')
    this.admin = this.kafka.admin({ retry: { initialRetryTime: 20, retries: 2 } })
    this.readers = 0
  }

  named(clientId) {
    return new Kafka({
      clientId,
      brokers: [this.steps.bootstrap],
      logLevel: logLevel.NOTHING,
      retry: { initialRetryTime: 30, maxRetryTime: 300, retries: 3 },
      requestTimeout: 10000,
    })
  }

  // Waits until the coordinators of groups have loaded: a consumer of this library need not survive that.
  async awaitCoordinators() {
    // Enough groups to have some with each coordinator.
    const groups = Array.from({ length: 40 }, (_, i) => this.steps.topic(`early-${i}`))
    await until('coordinators have loaded', async () => {
      try {
        const described = await this.admin.describeGroups(groups)
        return described.groups.every((one) => one.errorCode === 0)
      } catch (failure) {
        if (!LATER.includes(codeOf(failure))) {
          throw failure
        }
        return false
      }
    })
  }

  // Sends all in one request per partition; the offsets as `FIRST..LAST` of one partition.
  async send(topic, messages, { settings = {}, ...more } = {}) {
    const producer = this.kafka.producer({
      allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner, ...settings })
    await producer.connect()
    try {
      const [answer] = await producer.send({ topic, messages, ...more })
      if (answer === undefined) {
        return `${messages.length} records without an answer`
      }
      const first = Number(answer.baseOffset)
      return `${messages.length} records ${first}..${first + messages.length - 1}`
    } finally {
      await producer.disconnect()
    }
  }

  consumer(groupId, more = {}, client = this.kafka) {
    return client.consumer({
      groupId,
      sessionTimeout: 6000,
      rebalanceTimeout: 10000,
      heartbeatInterval: 100,
      maxWaitTimeInMs: 50,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 50, maxRetryTime: 300, retries: 8 },
      ...more,
    })
  }

  // Reads `count` records of partition 0 from an offset on, or from the beginning.
  async read(topic, count, { offset, seek = offset, fromBeginning = true, settings } = {}) {
    // The library has no reading without a group.
    this.readers += 1
    const consumer = this.consumer(this.steps.topic(`reader-${this.readers}`), settings)
    const read = []
    await consumer.connect()
    try {
      let crashed
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        crashed = payload.error
      })
      await consumer.subscribe({ topic, fromBeginning })
      await consumer.run({ autoCommit: false, eachMessage: async ({ message }) => read.push(message) })
      if (seek !== undefined) {
        consumer.seek({ topic, partition: 0, offset: String(seek) })
      }
      await until(`${count} records were read`, () => {
        if (crashed) {
          throw crashed
        }
        return read.length >= count
      })
    } finally {
      await consumer.disconnect()
    }
    return records.summary(offset === undefined ? read : read.filter((one) => Number(one.offset) >= offset))
  }
}

module.exports = { Clients }
