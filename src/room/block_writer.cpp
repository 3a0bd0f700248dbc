#include "room/block_writer.hpp"

#include <algorithm>
#include <utility>

namespace coroom::room {

void BlockWriter::use(const Encoding& encoding) {
  const auto found = std::ranges::find(drafts_, encoding, &Draft::encoding);
  if (found == drafts_.end()) {
    drafts_.push_back(Draft{encoding, 1, {}, 0});
  } else {
    ++found->members;
  }
}

void BlockWriter::release(const Encoding& encoding) {
  const auto found = std::ranges::find(drafts_, encoding, &Draft::encoding);
  if (--found->members == 0) drafts_.erase(found);
}

void BlockWriter::add(std::string_view room, const Publication& publication) {
  for (Draft& draft : drafts_) {
    FrameWriter out(draft.block, draft.encoding.framing);
    const std::size_t before = draft.block.size();
    try {
      draft.encoding.encoder->encode(room, publication, out);
    } catch (...) {
      draft.block.resize(before);  // what follows half a frame would be read as a part of it
      throw;
    }
    draft.messages += out.messages();
    size_ = std::max(size_, draft.block.size());
  }
}

std::vector<BlockWriter::Block> BlockWriter::seal() {
  std::vector<Block> blocks;
  for (Draft& draft : drafts_) {
    if (draft.block.empty()) continue;
    blocks.push_back(
        {draft.encoding, share(std::exchange(draft.block, {})), std::exchange(draft.messages, 0)});
  }
  size_ = 0;
  return blocks;
}

}  // namespace coroom::room
