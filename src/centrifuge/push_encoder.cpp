#include "centrifuge/push_encoder.hpp"

#include "centrifuge/reply.hpp"

#include <string>

namespace coroom::detail::centrifuge {

void PushEncoder::encode(std::string_view room, const Publication& publication, FrameWriter& out) const {
  using Kind = Publication::Kind;
  const bool comes_or_goes = publication.kind == Kind::join || publication.kind == Kind::leave;
  if (comes_or_goes && (!joins_ || publication.client_info->client_id.is_nil())) return;
  thread_local std::string line;  // reused for every line of the thread
  line.clear();
  append_push(line, room, publication);
  out.text(line);
}

}  // namespace coroom::detail::centrifuge
