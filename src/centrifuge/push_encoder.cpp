#include "centrifuge/push_encoder.hpp"

#include "centrifuge/encoded_reply.hpp"

#include <array>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>

namespace coroom::detail::centrifuge {
namespace {

class PushEncoder final : public Encoder {
 public:
  PushEncoder(Encoding encoding, bool joins, TagFilterPtr filter)
      : encoding_(encoding), joins_(joins), filter_(std::move(filter)) {}

  void encode(std::string_view room, const Publication& publication, FrameWriter& out) const override {
    if (!has_to_be_sent(publication)) return;
    thread_local std::string push;  // reused for every push of the thread
    push.clear();
    append_encoded_push(push, encoding_, room, publication);
    out.write(message_kind(encoding_), push);
  }

 private:
  [[nodiscard]] bool has_to_be_sent(const Publication& publication) const {
    using Kind = Publication::Kind;
    if (publication.kind == Kind::join || publication.kind == Kind::leave)
      return joins_ && !publication.client_info->client_id.is_nil();
    return !filter_ || filter_->matches(publication.tags.get());
  }

  Encoding encoding_;
  bool joins_;
  TagFilterPtr filter_;  // nullptr: none
};

/// The encoders with filters that are in use. A filter lives as long as its encoders, so its address names
/// it.
class FilteringEncoders {
 public:
  std::shared_ptr<const Encoder> find_or_make(Encoding encoding, bool joins, TagFilterPtr filter) {
    const Key key(encoding, joins, filter.get());
    const std::lock_guard<std::mutex> lock(mutex_);
    auto encoder = encoders_[key].lock();
    if (encoder) return encoder;
    if (encoders_.size() > sweep_above_) {
      std::erase_if(encoders_, [](const auto& each) { return each.second.expired(); });
      sweep_above_ = 2 * encoders_.size() + few;
    }
    auto made = std::make_shared<const PushEncoder>(encoding, joins, std::move(filter));
    encoders_[key] = made;
    return made;
  }

 private:
  using Key = std::tuple<Encoding, bool, const TagFilter*>;

  static constexpr std::size_t few = 16;

  std::mutex mutex_;
  std::map<Key, std::weak_ptr<const PushEncoder>> encoders_;
  std::size_t sweep_above_ = few;  // so that a sweep costs little for each new encoder
};

}  // namespace

std::shared_ptr<const Encoder> push_encoder(Encoding encoding, bool joins, TagFilterPtr filter) {
  if (filter) {
    static FilteringEncoders filtering;
    return filtering.find_or_make(encoding, joins, std::move(filter));
  }
  static const auto make_both = [](Encoding of) {
    return std::array{std::make_shared<const PushEncoder>(of, false, nullptr),
                      std::make_shared<const PushEncoder>(of, true, nullptr)};
  };
  static const std::array encoders{make_both(Encoding::json), make_both(Encoding::protobuf),
                                   make_both(Encoding::json_pushes)};
  return encoders.at(static_cast<std::size_t>(encoding)).at(joins ? 1 : 0);
}

}  // namespace coroom::detail::centrifuge
