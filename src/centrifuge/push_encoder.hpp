#pragma once

#include <coroom/publication.hpp>

namespace coroom::detail::centrifuge {

/// Writes publications as pushes, a message each.
class PushEncoder final : public Encoder {
 public:
  /// Whether clients are told who joins and leaves.
  explicit PushEncoder(bool joins) : joins_(joins) {}

  void encode(std::string_view room, const Publication& publication, FrameWriter& out) const override;

 private:
  bool joins_;
};

}  // namespace coroom::detail::centrifuge
