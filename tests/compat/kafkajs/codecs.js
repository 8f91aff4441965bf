// The codecs that kafkajs leaves to others: snappy in the frames of its Java library, LZ4 frames, Zstandard.
'use strict'

const { CompressionCodecs, CompressionTypes } = require('kafkajs')
const lz4 = require('lz4js')
const xxh32 = require('lz4js/xxh32')
const snappy = require('snappyjs')
const zstd = require('@bokuweb/zstd-wasm')

// Magic, then version and oldest readable version of the frame format.
const HEADER = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1])

function frame(buffer) {
  const block = Buffer.from(snappy.compress(buffer))
  const length = Buffer.alloc(4)
  length.writeInt32BE(block.length)
  return Buffer.concat([HEADER, length, block])
}

function unframe(buffer) {
  const blocks = []
  for (let at = HEADER.length; at < buffer.length; ) {
    const end = at + 4 + buffer.readInt32BE(at)
    blocks.push(Buffer.from(snappy.uncompress(buffer.subarray(at + 4, end))))
    at = end
  }
  return Buffer.concat(blocks)
}

// Brokers take only frames that say of their blocks that each stands alone; a frame of one block does.
function lz4Frame(buffer) {
  const compressed = Buffer.from(lz4.compress(buffer))
  compressed[4] |= 0x20
  compressed[6] = (xxh32.hash(0, compressed, 4, 2) >>> 8) & 0xff
  return compressed
}

function register(type, compress, decompress) {
  CompressionCodecs[type] = () => ({
    compress: async (encoder) => Buffer.from(compress(encoder.buffer)),
    decompress: async (buffer) => Buffer.from(decompress(buffer)),
  })
}

async function install() {
  await zstd.init()
  register(CompressionTypes.Snappy, frame, unframe)
  register(CompressionTypes.LZ4, lz4Frame, (buffer) => lz4.decompress(buffer))
  register(CompressionTypes.ZSTD, (buffer) => zstd.compress(buffer, 3), (buffer) => zstd.decompress(buffer))
}

module.exports = { install }
