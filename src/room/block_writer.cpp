#include "room/block_writer.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace coroom::detail::room {

void BlockWriter::use(const WireFormat& format) {
  const auto found = std::ranges::find(drafts_, format, &Draft::format);
  if (found == drafts_.end()) {
    drafts_.push_back(Draft{format, 1, {}, 0});
  } else {
    ++found->members;
  }
}

void BlockWriter::release(const WireFormat& format) {
  const auto found = std::ranges::find(drafts_, format, &Draft::format);
  if (--found->members == 0) drafts_.erase(found);
}

void BlockWriter::add(std::string_view room, const Publication& publication) {
  for (Draft& draft : drafts_) {
    FrameWriter out(draft.block, draft.format.framing);
    const std::size_t before = draft.block.size();
    try {
      draft.format.encoder->encode(room, publication, out);
    } catch (const std::bad_alloc&) {
      draft.is_incomplete = true;
      size_ = std::max<std::size_t>(size_, 1);
      continue;
    } catch (...) {
      draft.block.resize(before);  // a partial frame would corrupt the frames behind it
      throw;
    }
    draft.messages += out.messages();
    size_ = std::max(size_, draft.block.size());
  }
}

std::vector<BlockWriter::Block> BlockWriter::seal() {
  std::vector<Block> blocks;
  blocks.reserve(drafts_.size());  // first: a failure here changes nothing
  for (Draft& draft : drafts_) {
    std::string bytes = std::exchange(draft.block, {});
    const bool is_incomplete = std::exchange(draft.is_incomplete, false);
    if (bytes.empty() && !is_incomplete) continue;
    SharedBytes shared;
    try {
      if (!is_incomplete) shared = share(std::move(bytes));
    } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): a null block reports it
    }
    blocks.push_back({draft.format, std::move(shared), std::exchange(draft.messages, 0)});
  }
  size_ = 0;
  return blocks;
}

}  // namespace coroom::detail::room
