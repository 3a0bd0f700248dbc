#include "room/wire_format.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <tuple>
#include <vector>

namespace coroom::detail::room {
namespace {

class SilentEncoder final : public Encoder {
 public:
  void encode(std::string_view, const Publication&, FrameWriter&) const override {}
};

TEST(WireFormat, IsSharedByItsMembers) {
  const auto encoder = std::make_shared<const SilentEncoder>();
  const auto format = share_wire_format(encoder);
  EXPECT_EQ(share_wire_format(encoder), format);
  const auto lines = share_wire_format(encoder, {.kind = Framing::Kind::lines});
  EXPECT_NE(lines, format);
  EXPECT_FALSE(are_equal(lines, format));
  EXPECT_EQ(share_wire_format(encoder), format) << "both are in use";
}

TEST(WireFormat, EndsWithItsLastMember) {
  const auto encoder = std::make_shared<const SilentEncoder>();
  std::ignore = share_wire_format(encoder);
  EXPECT_EQ(encoder.use_count(), 1);
}

TEST(WireFormat, IsEqualToACopyAmongMany) {
  const auto encoder = std::make_shared<const SilentEncoder>();
  const auto format = share_wire_format(encoder);
  std::vector<SharedWireFormat> others;
  for (int other = 0; other != 100; ++other)
    others.push_back(share_wire_format(std::make_shared<const SilentEncoder>()));
  EXPECT_TRUE(are_equal(share_wire_format(encoder), format));
}

}  // namespace
}  // namespace coroom::detail::room
