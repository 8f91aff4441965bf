// Configs read and changed.
'use strict'

const { ConfigResourceTypes, ConfigSource } = require('kafkajs')
const { until } = require('./steps')

const SOURCES = Object.fromEntries(Object.entries(ConfigSource ?? {}).map(([name, code]) => [code, name]))

class Configs {
  constructor(steps, clients) {
    this.steps = steps
    this.admin = clients.admin
  }

  async run() {
    const { steps } = this
    await steps.step('describe-topic-configs', async () => render(await this.entries('main')))
    await steps.step('describe-config-synonyms', async () => {
      const chain = (one) => (one.configSynonyms ?? []).map((own) =>
        `${own.configName}=${own.configValue} ${source(own.configSource)}`).join(' < ')
      const entries = await this.entries('main', true)
      return entries.map((one) => `${one.configName}<${chain(one)}`).sort().join(', ')
    })
    await steps.refuse('describe-configs-unknown-topic', 'UNKNOWN_TOPIC_OR_PARTITION', () => this.entries('missing'))
    steps.skip('alter-configs-incremental', 'the client has only the call that sets all configs')
    await steps.step('alter-configs-legacy', async () => {
      await this.alter('main', [{ name: 'retention.bytes', value: '1048576' }, { name: 'retention.ms', value: '-1' }])
      return this.awaited('main', ['retention.bytes=1048576', 'retention.ms=-1', 'segment.bytes=1073741824'])
    })
    await steps.step('alter-configs-validate-only', async () => {
      await this.alter('main', [{ name: 'retention.ms', value: '5' }], true)
      return this.awaited('main', ['retention.ms=-1'])
    })
    await steps.refuse('alter-configs-bad-value', 'INVALID_CONFIG', () =>
      this.alter('main', [{ name: 'max.message.bytes', value: '-5' }]))
    await steps.refuse('alter-configs-unknown-key', 'INVALID_CONFIG', () =>
      this.alter('main', [{ name: 'no.such.config', value: '1' }]))
    await steps.refuse('alter-configs-unknown-topic', 'UNKNOWN_TOPIC_OR_PARTITION', () =>
      this.alter('missing', [{ name: 'retention.ms', value: '1' }]))
    steps.skip('alter-broker-configs-read-only', 'the call that sets all configs of a broker would undo those of other programs')
    steps.skip('alter-broker-configs', 'the call that sets all configs of a broker would undo those of other programs')
  }

  alter(name, configEntries, validateOnly = false) {
    const resource = { type: ConfigResourceTypes.TOPIC, name: this.steps.topic(name), configEntries }
    return this.admin.alterConfigs({ validateOnly, resources: [resource] })
  }

  async entries(name, includeSynonyms = false) {
    const resource = { type: ConfigResourceTypes.TOPIC, name: this.steps.topic(name) }
    const answer = await this.admin.describeConfigs({ includeSynonyms, resources: [resource] })
    return answer.resources[0].configEntries
  }

  // A broker takes a config a moment after the controller has accepted it.
  async awaited(name, wanted) {
    let found = []
    await until(wanted.join(', '), async () => {
      const entries = await this.entries(name)
      found = entries.filter((one) => wanted.includes(`${one.configName}=${one.configValue}`))
      return found.length === wanted.length
    })
    return render(found)
  }
}

function source(code) {
  return SOURCES[code] ?? code
}

function render(entries) {
  return entries
    .map((one) => `${one.configName}=${one.configValue} ${source(one.configSource)} read-only=${one.readOnly} sensitive=${one.isSensitive}`)
    .sort()
    .join(', ')
}

module.exports = { Configs }
