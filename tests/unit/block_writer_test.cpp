#include "room/block_writer.hpp"

#include <gtest/gtest.h>

#include <new>

namespace coroom::detail::room {
namespace {

/// Writes a mark before the data, and counts its calls.
class MarkingEncoder final : public Encoder {
 public:
  explicit MarkingEncoder(char mark) : mark_(mark) {}
  void encode(std::string_view /*room*/, const Publication& publication, FrameWriter& out) const override {
    ++encoded;
    out.text(mark_ + publication.data);
  }
  mutable int encoded = 0;

 private:
  char mark_;
};

/// Throws std::bad_alloc for data longer than one byte.
class ShortEncoder final : public Encoder {
 public:
  void encode(std::string_view /*room*/, const Publication& publication, FrameWriter& out) const override {
    if (publication.data.size() > 1) throw std::bad_alloc();
    out.text(publication.data);
  }
};

Publication publication_of(std::string text) {
  Publication publication;
  publication.data = std::move(text);
  return publication;
}

TEST(BlockWriter, EncodesOnceForAnyNumberOfMembers) {
  const auto plain = std::make_shared<const MarkingEncoder>('-');
  BlockWriter writer;
  for (int member = 0; member != 1000; ++member) writer.use(share_wire_format(plain));
  writer.add("tea", publication_of("a"));
  writer.add("tea", publication_of("b"));
  const auto blocks = writer.seal();
  ASSERT_EQ(blocks.size(), 1);
  EXPECT_EQ(*blocks[0].bytes, "\x81\x02-a\x81\x02-b") << "one contiguous block per turn";
  EXPECT_EQ(plain->encoded, 2);
}

TEST(BlockWriter, ReportsTheBlockThatFoundNoMemory) {
  const auto poor = std::make_shared<const ShortEncoder>();
  const auto rich = std::make_shared<const MarkingEncoder>('-');
  BlockWriter writer;
  writer.use(share_wire_format(poor));
  writer.use(share_wire_format(rich));
  for (const char* text : {"a", "bb", "c"}) writer.add("tea", publication_of(text));
  auto blocks = writer.seal();
  ASSERT_EQ(blocks.size(), 2);
  EXPECT_EQ(blocks[0].bytes, nullptr);
  EXPECT_EQ(*blocks[1].bytes, "\x81\x02-a\x81\x03-bb\x81\x02-c");
  writer.add("tea", publication_of("d"));
  blocks = writer.seal();
  ASSERT_EQ(blocks.size(), 2);
  EXPECT_EQ(*blocks[0].bytes,
            "\x81\x01"
            "d");
}

TEST(BlockWriter, SealsABlockWithoutMessages) {
  const auto poor = std::make_shared<const ShortEncoder>();
  BlockWriter writer;
  writer.use(share_wire_format(poor));
  writer.add("tea", publication_of("bb"));
  EXPECT_NE(writer.size(), 0);
  EXPECT_EQ(writer.seal().size(), 1);
}

TEST(BlockWriter, WritesABlockPerWireFormat) {
  const auto plain = std::make_shared<const MarkingEncoder>('-');
  const auto other = std::make_shared<const MarkingEncoder>('+');
  BlockWriter writer;
  writer.use(share_wire_format(plain));
  writer.use(share_wire_format(other));
  writer.add("tea", publication_of("a"));
  const auto blocks = writer.seal();
  ASSERT_EQ(blocks.size(), 2);
  EXPECT_EQ(*blocks[0].bytes, "\x81\x02-a");
  EXPECT_EQ(*blocks[1].bytes, "\x81\x02+a");
}

TEST(BlockWriter, WritesABlockPerCompression) {
  const auto plain = std::make_shared<const MarkingEncoder>('-');
  BlockWriter writer;
  writer.use(share_wire_format(plain));
  writer.use(share_wire_format(plain, {.deflate = DeflateParams{.window_bits = 15}}));
  writer.use(share_wire_format(plain, {.deflate = DeflateParams{.window_bits = 15}}));
  writer.use(share_wire_format(plain, {.deflate = DeflateParams{.window_bits = 9}}));
  writer.add("tea", publication_of(std::string(1000, 'a')));
  const auto blocks = writer.seal();
  ASSERT_EQ(blocks.size(), 3);
  EXPECT_EQ(blocks[0].bytes->size(), 4 + 1001);
  EXPECT_LT(blocks[1].bytes->size(), 100);
  EXPECT_LT(blocks[2].bytes->size(), 100);
}

TEST(BlockWriter, SkipsReleasedWireFormats) {
  const auto plain = std::make_shared<const MarkingEncoder>('-');
  BlockWriter writer;
  writer.use(share_wire_format(plain));
  writer.use(share_wire_format(plain));
  writer.release(share_wire_format(plain));
  writer.add("tea", publication_of("used"));
  EXPECT_EQ(writer.seal().size(), 1);
  writer.release(share_wire_format(plain));
  writer.add("tea", publication_of("unused"));
  EXPECT_TRUE(writer.seal().empty());
  EXPECT_EQ(plain->encoded, 1);
}

TEST(BlockWriter, StartsEmptyAfterSealing) {
  const auto plain = std::make_shared<const MarkingEncoder>('-');
  BlockWriter writer;
  writer.use(share_wire_format(plain));
  writer.add("tea", publication_of("a"));
  EXPECT_EQ(writer.size(), 4);
  writer.seal();
  EXPECT_EQ(writer.size(), 0);
  EXPECT_TRUE(writer.seal().empty());
}

}  // namespace
}  // namespace coroom::detail::room
