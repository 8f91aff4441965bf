// Topics made, listed, described, grown, refused and, at the very end, deleted.
'use strict'

const { codeOf, refused, until } = require('./steps')
const records = require('./records')

// What a broker says of a topic that it does not know, or does not lead, yet.
const EARLY = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION']
const KEEP = [{ name: 'retention.ms', value: '-1' }]

class Topics {
  constructor(steps, clients) {
    this.steps = steps
    this.clients = clients
    this.admin = clients.admin
  }

  async run() {
    const { steps } = this
    await steps.step('create-topic', () =>
      this.create({ topic: steps.topic('main'), numPartitions: 3, replicationFactor: 1, configEntries: [
        ...KEEP, { name: 'cleanup.policy', value: 'delete' }, { name: 'segment.bytes', value: '2097152' }] }))
    await steps.step('create-topic-defaults', () => this.create({ topic: steps.topic('defaults') }))
    await steps.step('create-topic-assignment', () => this.create(this.assigned('assigned', 1)))
    await steps.step('create-topic-validate-only', async () => {
      const topic = steps.topic('validated')
      await this.admin.createTopics({ topics: [{ topic }], validateOnly: true, waitForLeaders: false })
      return `ok, then ${await refused('UNKNOWN_TOPIC_OR_PARTITION', () => this.describe(topic))}`
    })
    await steps.step('auto-create-topic', async () => {
      const topic = steps.topic('auto')
      const sent = await this.clients.send(topic, [{ value: 'made by a producer' }], {
        settings: { allowAutoTopicCreation: true, retry: { initialRetryTime: 50, retries: 8 } } })
      return `${sent} ${await this.describe(topic)}`
    })
    await this.refusals()
    await this.views()
    await this.partitions()
  }

  assigned(name, broker) {
    const replicaAssignment = [0, 1].map((partition) => ({ partition, replicas: [broker] }))
    return { topic: this.steps.topic(name), numPartitions: -1, replicationFactor: -1, replicaAssignment }
  }

  async refusals() {
    const refuse = (step, expected, topic) =>
      this.steps.refuse(`create-topic-${step}`, expected, () =>
        this.admin.createTopics({ topics: [topic], waitForLeaders: false }))
    const named = (name, more = {}) => ({ topic: this.steps.topic(name), numPartitions: 1, replicationFactor: 1, ...more })
    await this.steps.step('create-topic-exists', async () => {
      // The library tells this one as false.
      const made = await this.admin.createTopics({ topics: [named('main')], waitForLeaders: false })
      return `made=${made}`
    })
    await refuse('invalid-name', 'INVALID_TOPIC_EXCEPTION', named('bad/name'))
    await refuse('bad-config', 'INVALID_CONFIG', named('refused', { configEntries: [{ name: 'retention.ms', value: 'soon' }] }))
    await refuse('unknown-config', 'INVALID_CONFIG', named('refused', { configEntries: [{ name: 'no.such', value: '1' }] }))
    await refuse('bad-partitions', 'INVALID_PARTITIONS', named('refused', { numPartitions: 0 }))
    await refuse('bad-replication', 'INVALID_REPLICATION_FACTOR', named('refused', { replicationFactor: 3 }))
    await refuse('bad-assignment', 'INVALID_REPLICA_ASSIGNMENT', this.assigned('refused', 99))
  }

  async views() {
    const { steps, admin } = this
    await steps.step('list-topics', async () => {
      const own = (await admin.listTopics()).filter((name) => name.startsWith(`${steps.prefix}-`))
      return own.map((name) => name.slice(steps.prefix.length + 1)).sort().join(', ')
    })
    await steps.step('describe-topic', () => this.describe(steps.topic('main')))
    await steps.refuse('describe-topic-unknown', 'UNKNOWN_TOPIC_OR_PARTITION', () => this.describe(steps.topic('missing')))
    await steps.step('describe-cluster', async () => {
      const cluster = await admin.describeCluster()
      return `brokers=${cluster.brokers.map((one) => one.nodeId)} controller=${cluster.controller} cluster-id=${cluster.clusterId}`
    })
  }

  async partitions() {
    const { steps, admin } = this
    const grow = (name, count) => admin.createPartitions({ topicPartitions: [{ topic: steps.topic(name), count }] })
    await steps.step('create-partitions', async () => {
      await grow('assigned', 5)
      const count = async () =>
        (await admin.fetchTopicMetadata({ topics: [steps.topic('assigned')] })).topics[0].partitions.length
      await until('the topic has 5 partitions', async () => (await count()) === 5)
      return this.describe(steps.topic('assigned'))
    })
    await steps.refuse('create-partitions-fewer', 'INVALID_PARTITIONS', () => grow('assigned', 1))
    await steps.refuse('create-partitions-unknown-topic', 'UNKNOWN_TOPIC_OR_PARTITION', () => grow('missing', 5))
  }

  // The last steps of all: topics go, and a name can be used again.
  async delete() {
    const { steps, admin } = this
    const main = steps.topic('main')
    await steps.step('delete-topic', async () => {
      await admin.deleteTopics({ topics: [main] })
      await until('the topic is gone', async () => !(await admin.listTopics()).includes(main))
      return `ok, then ${await refused('UNKNOWN_TOPIC_OR_PARTITION', () => this.describe(main))}`
    })
    await steps.refuse('delete-topic-unknown', 'UNKNOWN_TOPIC_OR_PARTITION', () =>
      admin.deleteTopics({ topics: [steps.topic('missing')] }))
    await steps.step('delete-topic-recreate', async () => {
      const made = await this.create({ topic: main, numPartitions: 2, configEntries: KEEP })
      return `${made} ${await this.clients.send(main, records.standard(0, 1))}`
    })
  }

  // Makes a topic of one partition that keeps records of any age.
  keep(name, configEntries = []) {
    return this.create({ topic: this.steps.topic(name), numPartitions: 1, configEntries: [...KEEP, ...configEntries] })
  }

  // Makes a topic, waits until the broker knows it, and says what it has become.
  async create(topic) {
    await this.admin.createTopics({ topics: [topic], waitForLeaders: false })
    let described
    await until('the new topic is known', async () => {
      try {
        described = await this.describe(topic.topic)
        // The library sends a whole request again where one of its partitions has no leader yet.
        await this.admin.fetchTopicOffsets(topic.topic)
        return true
      } catch (failure) {
        if (!EARLY.includes(codeOf(failure))) {
          throw failure
        }
        return false
      }
    })
    return described
  }

  async describe(name) {
    const { topics } = await this.admin.fetchTopicMetadata({ topics: [name] })
    const partitions = topics[0].partitions.sort((a, b) => a.partitionId - b.partitionId)
    return partitions
      .map((one) => `${one.partitionId}: ${one.partitionErrorCode} leader=${one.leader} replicas=${one.replicas} isr=${one.isr}`)
      .join(', ')
  }
}

module.exports = { KEEP, Topics }
