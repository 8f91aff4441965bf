// Members that come, share, commit and go; groups seen and changed from outside.
'use strict'

const { AssignerProtocol, PartitionAssigners } = require('kafkajs')
const { refused, until, codeFrom } = require('./steps')
const raw = require('./raw_steps')
const records = require('./records')

// A group member; its name, as the client id, decides its place in the assignor's order.
class Member {
  constructor(clients, group, topic, name, settings) {
    this.topic = topic
    this.consumer = clients.consumer(group, { partitionAssigners: [PartitionAssigners.roundRobin], ...settings },
      clients.named(name))
    this.assigned = []
    this.joins = 0
    this.read = []
  }

  async start(run) {
    const { consumer } = this
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      this.assigned = payload.memberAssignment[this.topic] ?? []
      this.joins += 1
    })
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      this.crash = payload.error
    })
    await consumer.connect()
    await consumer.subscribe({ topic: this.topic, fromBeginning: true })
    await consumer.run({ autoCommit: false, ...run, eachMessage: async ({ partition, message }) => {
      this.read.push({ ...message, partition })
    } })
  }

  async take(count) {
    await until(`${count} records came`, () => this.read.length >= count)
    return records.byPartition(this.read)
  }
}

async function settle(sizes, ...members) {
  await until(`assignments have the sizes ${sizes}`, () => members.every((one, i) => one.assigned.length === sizes[i]))
}

class Groups {
  constructor(steps, clients, topics) {
    this.steps = steps
    this.clients = clients
    this.topics = topics
    this.admin = clients.admin
    this.topic = steps.topic('group')
  }

  async run() {
    await this.commits()
    await this.rebalances()
    await this.views()
    await this.offsets()
    await this.deletion()
  }

  async joined(group, body, { name = 'a', settings = {}, run = {} } = {}) {
    const member = new Member(this.clients, this.steps.topic(group), this.topic, name, settings)
    try {
      await member.start(run)
      return await body(member)
    } finally {
      await member.consumer.disconnect()
    }
  }

  // With a member that owns all three partitions.
  active(group, body) {
    return this.joined(group, async (member) => {
      await settle([3], member)
      return body(member)
    })
  }

  async sendToEach(count) {
    for (const partition of [0, 1, 2]) {
      await this.clients.send(this.topic, records.standard(partition, count))
    }
  }

  async commits() {
    const { steps } = this
    await steps.step('group-consume', async () => {
      await this.topics.create({ topic: this.topic, numPartitions: 3, configEntries: [{ name: 'retention.ms', value: '-1' }] })
      await this.sendToEach(10)
      return this.joined('readers', async (member) => {
        const read = await member.take(30)
        await member.consumer.commitOffsets([0, 1, 2].map((partition) => ({ topic: this.topic, partition, offset: '10' })))
        return `${read} committed=${await this.committed('readers')}`
      })
    })
    await steps.step('group-resume', async () => {
      await this.sendToEach(1)
      return this.joined('readers', (member) => member.take(3))
    })
    await steps.step('group-commit-metadata', () => this.active('readers', async (member) => {
      await member.consumer.commitOffsets([{ topic: this.topic, partition: 0, offset: '5', metadata: 'a note' }])
      return this.committed('readers')
    }))
    await steps.step('group-auto-commit', async () => {
      await this.joined('auto-committed', (member) => member.take(33), { run: { autoCommit: true } })
      return this.committed('auto-committed')
    })
    steps.skip('group-commit-removed-member', 'the client has no call to remove a member')
  }

  async rebalances() {
    const { steps } = this
    await steps.step('group-rebalance', () => this.joined('rebalanced', async (a) => {
      await settle([3], a)
      const both = await this.joined('rebalanced', async (b) => {
        await settle([2, 1], a, b)
        return `a=${a.assigned} b=${b.assigned} ${await this.describe('rebalanced')}`
      }, { name: 'b' })
      await settle([3], a)
      return `${both}, then a=${a.assigned} ${await this.describe('rebalanced')}`
    }))
    steps.skip('group-cooperative', 'the client has only eager assignors')
    steps.skip('group-static', 'the client has no static members')
    steps.skip('group-static-fenced', 'the client has no static members')
    await steps.step('stale-member', () =>
      this.active('stale', () => raw.stale(steps, steps.topic('stale'), this.topic)))
    await steps.step('group-short-session', async () => {
      const settings = { sessionTimeout: 10, heartbeatInterval: 3, rebalanceTimeout: 1000 }
      return refused('INVALID_SESSION_TIMEOUT', () => this.joined('short', async (member) => {
        await until('the member is refused', () => member.crash)
        throw member.crash
      }, { settings }))
    })
  }

  async views() {
    const { steps } = this
    await steps.step('group-describe', () => this.active('readers', () => this.describe('readers')))
    await steps.step('group-describe-empty', () => this.describe('readers'))
    await steps.step('group-describe-unknown', () => codeFrom(() => this.describe('nobody')))
    await steps.step('group-list', async () => {
      const { groups } = await this.admin.listGroups()
      return groups
        .filter((one) => one.groupId.startsWith(`${steps.prefix}-`) && !one.groupId.includes('reader-'))
        .map((one) => `${one.groupId.slice(steps.prefix.length + 1)} ${one.protocolType}`)
        .sort()
        .join(', ')
    })
  }

  async offsets() {
    const { steps, admin } = this
    const reset = (offset, group = 'readers') => admin.setOffsets({
      groupId: steps.topic(group), topic: this.topic, partitions: [{ partition: 0, offset: String(offset) }] })
    await steps.step('group-reset-offsets', async () => {
      await reset(5)
      return `${await this.committed('readers')} ${await this.joined('readers', (member) => member.take(8))}`
    })
    await steps.step('group-reset-active', () =>
      this.active('readers', () => codeFrom(() => reset(1))))
    steps.skip('group-delete-offsets', 'the client has no such call')
    await steps.step('group-offsets-unknown', () => this.committed('nobody'))
  }

  async deletion() {
    const { steps, admin } = this
    const remove = (group) => admin.deleteGroups([steps.topic(group)])
    await steps.step('group-delete-active', () =>
      this.active('readers', () => refused('NON_EMPTY_GROUP', () => remove('readers'))))
    await steps.step('group-delete', async () => {
      await remove('readers')
      return `ok, then ${await this.describe('readers')}`
    })
    await steps.refuse('group-delete-unknown', 'GROUP_ID_NOT_FOUND', () => remove('nobody'))
  }

  async committed(group) {
    const [answer] = await this.admin.fetchOffsets({ groupId: this.steps.topic(group), topics: [this.topic] })
    const offsets = answer.partitions.map((one) => `${one.partition}=${one.offset} ${one.metadata ?? 'null'}`)
    return `{${offsets.sort().join(', ')}}`
  }

  // State, assignor and members, without the ids that differ in each run.
  async describe(group) {
    const { groups: [one] } = await this.admin.describeGroups([this.steps.topic(group)])
    const members = one.members.map((each) => {
      const assignment = AssignerProtocol.MemberAssignment.decode(each.memberAssignment)
      return `${each.clientId}@${each.clientHost}=${assignment?.assignment[this.topic] ?? ''}`
    })
    return `${one.errorCode} ${one.state} ${one.protocolType} ${one.protocol} members={${members.sort().join(' ')}}`
  }
}

module.exports = { Groups }
