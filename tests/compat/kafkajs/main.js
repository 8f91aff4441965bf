// kafkajs through every step; arguments: bootstrap address, prefix of topics and groups.
'use strict'

const codecs = require('./codecs')
const { Clients } = require('./clients')
const { Configs } = require('./configs')
const { Consume } = require('./consume')
const { Groups } = require('./groups')
const { Produce } = require('./produce')
const { Steps } = require('./steps')
const { Topics } = require('./topics')

// Said at every start by the partitioner of version 2.
process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1'

async function main(bootstrap, prefix) {
  await codecs.install()
  const steps = new Steps(bootstrap, prefix)
  console.log(`client\tkafkajs ${require('kafkajs/package.json').version}`)
  const clients = new Clients(steps)
  await clients.admin.connect()
  await clients.awaitCoordinators()
  const topics = new Topics(steps, clients)
  await topics.run()
  await new Configs(steps, clients).run()
  await new Produce(steps, clients, topics).run()
  await new Consume(steps, clients, topics).run()
  await new Groups(steps, clients, topics).run()
  await topics.delete()
  await clients.admin.disconnect()
  return steps.failures === 0 ? 0 : 1
}

main(process.argv[2], process.argv[3]).then(
  (status) => process.exit(status),
  (failure) => {
    console.error(failure)
    process.exit(1)
  }
)
