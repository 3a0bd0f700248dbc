#pragma once

#include <coroom/publication.hpp>

namespace coroom::detail::centrifuge {

/// Encodes each publication as a push, in a message of its own.
class PushEncoder final : public Encoder {
 public:
  /// `joins`: whether clients are notified of joins and leaves.
  explicit PushEncoder(bool joins) : joins_(joins) {}

  void encode(std::string_view room, const Publication& publication, FrameWriter& out) const override;

 private:
  bool joins_;
};

}  // namespace coroom::detail::centrifuge
