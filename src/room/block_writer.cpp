#include "room/block_writer.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace coroom::detail::room {

std::vector<BlockWriter::Draft>::iterator BlockWriter::find(const SharedWireFormat& format) {
  return std::ranges::find_if(drafts_, [&](const Draft& draft) { return are_equal(draft.format, format); });
}

void BlockWriter::use(const SharedWireFormat& format) {
  const auto found = find(format);
  if (found == drafts_.end()) {
    drafts_.push_back(Draft{format});
  } else {
    ++found->members;
  }
}

void BlockWriter::release(const SharedWireFormat& format) {
  const auto found = find(format);
  if (--found->members == 0) drafts_.erase(found);
}

void BlockWriter::add(std::string_view room, const Publication& publication) {
  for (Draft& draft : drafts_) {
    FrameWriter out(draft.block, draft.format->framing);
    const std::size_t before = draft.block.size();
    try {
      draft.format->encoder->encode(room, publication, out);
    } catch (const std::bad_alloc&) {
      draft.is_incomplete = true;
      size_ = std::max<std::size_t>(size_, 1);
      continue;
    } catch (...) {
      draft.block.resize(before);  // a partial frame would corrupt the frames behind it
      throw;
    }
    draft.messages += static_cast<std::uint32_t>(out.messages());
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
    blocks.push_back({draft.format, std::move(shared), std::exchange(draft.messages, 0U)});
  }
  size_ = 0;
  return blocks;
}

}  // namespace coroom::detail::room
