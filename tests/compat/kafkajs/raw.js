// Requests that the library does not send by itself, in versions of a fixed form, over a connection of the suite's own.
'use strict'

const net = require('net')
const { errorCodes } = require('kafkajs/src/protocol/error')

const PRODUCE = { key: 0, version: 8 }
const OFFSET_COMMIT = { key: 8, version: 7 }
const HEARTBEAT = { key: 12, version: 3 }
const DESCRIBE_GROUPS = { key: 15, version: 0 }
const INIT_PRODUCER_ID = { key: 22, version: 1 }
const CORRELATION = 7
// Longest wait for an answer, in milliseconds.
const PATIENCE = 20000
// Length of the header of a batch up to the end of its length field, and whole.
const LENGTH_END = 12
const HEADER = 61

function int(size, value) {
  const bytes = Buffer.alloc(size)
  bytes.writeIntBE(value, 0, size)
  return bytes
}

function long(value) {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}

const short = (value) => int(2, value)
const whole = (value) => int(4, value)

function text(value) {
  return value === null ? short(-1) : Buffer.concat([short(Buffer.byteLength(value)), Buffer.from(value)])
}

function array(...items) {
  return Buffer.concat([whole(items.length), ...items])
}

// Reads an answer field by field.
class Answer {
  constructor(data) {
    this.data = data
    this.place = 0
  }

  int(size) {
    this.place += size
    return this.data.readIntBE(this.place - size, size)
  }

  long() {
    this.place += 8
    return this.data.readBigInt64BE(this.place - 8)
  }

  text() {
    const size = Math.max(this.int(2), 0)
    this.place += size
    return this.data.toString('utf8', this.place - size, this.place)
  }

  error() {
    const code = this.int(2)
    return code === 0 ? 'NONE' : errorCodes.find((one) => one.code === code)?.type ?? `code ${code}`
  }
}

class Raw {
  static async open(bootstrap) {
    const place = bootstrap.lastIndexOf(':')
    const socket = net.connect(Number(bootstrap.slice(place + 1)), bootstrap.slice(0, place))
    socket.setTimeout(PATIENCE, () => socket.destroy(new Error('no answer in time')))
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    return new Raw(socket)
  }

  constructor(socket) {
    this.socket = socket
  }

  close() {
    this.socket.destroy()
  }

  async call({ key, version }, body) {
    const frame = Buffer.concat([short(key), short(version), whole(CORRELATION), text('raw'), body])
    this.socket.write(Buffer.concat([whole(frame.length), frame]))
    const answer = new Answer(await this.receive())
    if (answer.int(4) !== CORRELATION) {
      throw new Error("the answer has not its request's correlation id")
    }
    return answer
  }

  // The next frame.
  receive() {
    return new Promise((resolve, reject) => {
      let data = Buffer.alloc(0)
      const end = (settle, value) => {
        this.socket.removeListener('data', take).removeListener('error', fail).removeListener('close', gone)
        settle(value)
      }
      const take = (part) => {
        data = Buffer.concat([data, part])
        if (data.length >= 4 && data.length >= 4 + data.readInt32BE(0)) {
          end(resolve, data.subarray(4))
        }
      }
      const fail = (failure) => end(reject, failure)
      const gone = () => end(reject, new Error('the broker closed the connection'))
      this.socket.on('data', take).on('error', fail).on('close', gone)
    })
  }

  async onlyMember(group) {
    const answer = await this.call(DESCRIBE_GROUPS, array(text(group)))
    answer.int(4)
    answer.int(2)
    for (let field = 0; field < 4; field += 1) {
      answer.text()
    }
    if (answer.int(4) !== 1) {
      throw new Error('the group has not one member')
    }
    return answer.text()
  }

  async heartbeat(group, [generation, member, instance]) {
    const answer = await this.call(HEARTBEAT, Buffer.concat([text(group), whole(generation), text(member), text(instance)]))
    answer.int(4)
    return answer.error()
  }

  async commit(group, [generation, member, instance], topic) {
    const partition = Buffer.concat([whole(0), long(2), whole(-1), text('')])
    const answer = await this.call(OFFSET_COMMIT, Buffer.concat([
      text(group), whole(generation), text(member), text(instance),
      array(Buffer.concat([text(topic), array(partition)]))]))
    answer.int(4)
    answer.int(4)
    answer.text()
    answer.int(4)
    answer.int(4)
    return answer.error()
  }

  async producerId() {
    const answer = await this.call(INIT_PRODUCER_ID, Buffer.concat([text(null), whole(60000)]))
    answer.int(4)
    const code = answer.error()
    const id = answer.long()
    if (code !== 'NONE' || answer.int(2) !== 0) {
      throw new Error(`no fresh id of epoch 0: ${code}`)
    }
    return id
  }

  async produce(topic, batch) {
    const partition = Buffer.concat([whole(0), whole(batch.length), batch])
    const answer = await this.call(PRODUCE, Buffer.concat([
      text(null), short(-1), whole(5000), array(Buffer.concat([text(topic), array(partition)]))]))
    answer.int(4)
    answer.text()
    answer.int(4)
    answer.int(4)
    const code = answer.error()
    const offset = answer.long()
    answer.long()
    return `${code}@${offset} start=${answer.long()}`
  }
}

// One batch of format 2 of records that have values only.
function batch(producer, epoch, sequence, values, timestamp) {
  const records = Buffer.concat(values.map((value, delta) => record(delta, Buffer.from(value))))
  const count = values.length
  const checked = Buffer.concat([
    short(0), whole(count - 1), long(timestamp), long(timestamp), long(producer), short(epoch), whole(sequence),
    whole(count), records])
  const crc = Buffer.alloc(4)
  crc.writeUInt32BE(crc32c(checked))
  return Buffer.concat([long(0), whole(HEADER - LENGTH_END + records.length), whole(-1), int(1, 2), crc, checked])
}

function record(delta, value) {
  // Attributes, no time of its own, place, no key, value, no headers.
  const body = Buffer.concat([int(1, 0), varint(0), varint(delta), varint(-1), varint(value.length), value, varint(0)])
  return Buffer.concat([varint(body.length), body])
}

function varint(number) {
  const bytes = []
  let rest = (number << 1) ^ (number >> 31)
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}

function crc32c(data) {
  let crc = 0xffffffff
  for (const byte of data) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0)
    }
  }
  return (crc ^ 0xffffffff) >>> 0
}

module.exports = { Raw, batch }
