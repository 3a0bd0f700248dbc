#include "room/block_writer.hpp"

#include <algorithm>

namespace coroom::room {

void BlockWriter::use(const Encoder& encoder) {
  const auto found = std::ranges::find(encodings_, &encoder, &Encoding::encoder);
  if (found == encodings_.end()) {
    encodings_.push_back(Encoding{&encoder, 1, {}});
  } else {
    ++found->members;
  }
}

void BlockWriter::release(const Encoder& encoder) {
  const auto found = std::ranges::find(encodings_, &encoder, &Encoding::encoder);
  if (--found->members == 0) encodings_.erase(found);
}

void BlockWriter::add(const Publication& publication) {
  for (Encoding& encoding : encodings_) {
    encoding.encoder->encode(publication, encoding.block);
    size_ = std::max(size_, encoding.block.size());
  }
}

std::vector<BlockWriter::Block> BlockWriter::seal() {
  std::vector<Block> blocks;
  for (Encoding& encoding : encodings_) {
    if (encoding.block.empty()) continue;
    blocks.emplace_back(encoding.encoder, share(std::exchange(encoding.block, {})));
  }
  size_ = 0;
  return blocks;
}

}  // namespace coroom::room
