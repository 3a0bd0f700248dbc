#include "testkit/frame_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace coroom::testkit {
namespace {

constexpr std::string_view key = "\x01\x02\x03\x04";

/// The size that 7, 16 or 64 bits announce; the mask bit is not set.
std::string length(std::size_t size) {
  if (size < 126) return {static_cast<char>(size)};
  std::string bytes(1, size <= 0xffff ? '\x7e' : '\x7f');
  for (int shift = size <= 0xffff ? 8 : 56; shift >= 0; shift -= 8)
    bytes.push_back(static_cast<char>(size >> static_cast<unsigned>(shift)));
  return bytes;
}

std::string frame(unsigned first, std::string_view payload) {
  return static_cast<char>(first) + length(payload.size()) + std::string(payload);
}

std::string masked(unsigned first, std::string payload) {
  std::string head = length(payload.size());
  head[0] = static_cast<char>(head[0] | 0x80);
  FrameReader::unmask(payload, {1, 2, 3, 4});
  return static_cast<char>(first) + head + std::string(key) + payload;
}

FrameReader of_server(bool deflate = false) {
  return FrameReader(FrameSender::server, deflate);
}

TEST(FrameReader, ReadsFramesOfAllLengths) {
  for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 65'535U, 65'536U, 100'000U}) {
    const std::string payload(size, 'x');
    const std::string bytes = frame(0x82, payload);
    const std::string more = bytes + "more";
    const FrameView read = of_server().next(more);
    EXPECT_EQ(read.size, bytes.size()) << size;
    EXPECT_TRUE(read.payload == payload) << size;
    EXPECT_EQ(read.head.opcode, 2U);
    EXPECT_TRUE(read.head.final);
    EXPECT_FALSE(read.head.compressed);
  }
}

TEST(FrameReader, WaitsForWholeFrame) {
  for (const std::string& bytes :
       {frame(0x81, std::string(300, 'x')), frame(0x89, "ping"), frame(0x81, "")}) {
    FrameReader reader = of_server();
    for (std::size_t size = 0; size != bytes.size(); ++size)
      EXPECT_EQ(reader.next(std::string_view(bytes).substr(0, size)).size, 0U) << size;
    EXPECT_EQ(reader.next(bytes).size, bytes.size());
  }
}

TEST(FrameReader, ReadsMaskedFramesOfClients) {
  FrameReader reader(FrameSender::client);
  std::string bytes = masked(0x81, "hello");
  const FrameView read = reader.next(bytes);
  ASSERT_EQ(read.size, bytes.size());
  std::string payload(read.payload);
  EXPECT_NE(payload, "hello");
  FrameReader::unmask(payload, read.head.mask);
  EXPECT_EQ(payload, "hello");
  EXPECT_EQ(reader.next(masked(0x81, std::string(70'000, 'y'))).payload.size(), 70'000U);
}

TEST(FrameReader, ReadsHeadBeforePayload) {
  FrameReader reader = of_server();
  const std::string bytes = frame(0x81, std::string(300, 'x'));
  const std::size_t size = FrameReader::head_size(bytes.substr(0, 2));
  EXPECT_EQ(size, 4U);
  const FrameHead head = reader.read_head(bytes.substr(0, size));
  EXPECT_EQ(head.payload_size, 300U);
  EXPECT_EQ(FrameReader::head_size(masked(0x81, "x")), 6U);
}

TEST(FrameReader, AcceptsControlFramesInsideMessage) {
  FrameReader reader = of_server();
  for (const std::string& bytes : {frame(0x01, "a"), frame(0x89, "ping"), frame(0x00, "b"),
                                   frame(0x8a, "pong"), frame(0x80, "c"), frame(0x82, "next")})
    EXPECT_EQ(reader.next(bytes).size, bytes.size());
}

TEST(FrameReader, AcceptsCompressedMessagesByAgreement) {
  FrameReader reader = of_server(true);
  EXPECT_TRUE(reader.next(frame(0xc1, "x")).head.compressed);
  EXPECT_TRUE(reader.next(frame(0x42, "x")).head.compressed);
  EXPECT_FALSE(reader.next(frame(0x80, "x")).head.compressed);
}

TEST(FrameReader, RejectsFaultyFrames) {
  const std::string long_ping = frame(0x89, std::string(126, 'x'));
  for (const std::string& bytes :
       {frame(0xa1, "x"), frame(0x91, "x"), frame(0xc1, "x"), frame(0x83, "x"), frame(0x87, "x"),
        frame(0x8b, "x"), frame(0x8f, "x"), frame(0x09, "x"), frame(0x08, ""), frame(0x80, "x"),
        frame(0x00, "x"), long_ping, masked(0x81, "x"), std::string("\x81\x7e\x00\x05hello", 9),
        std::string("\x81\x7f\0\0\0\0\0\0\0\x05hello", 15), std::string("\x81\x7f\0\0\0\0\0\0\xff\xff", 10),
        std::string("\x81\x7f\x80\0\0\0\0\x01\0\0", 10)})
    EXPECT_THROW(of_server().next(bytes), FrameFault) << bytes;
  EXPECT_THROW(FrameReader(FrameSender::client).next(frame(0x81, "x")), FrameFault);
  EXPECT_THROW(of_server(true).next(frame(0xc9, "x")), FrameFault) << "a compressed ping";
}

TEST(FrameReader, RejectsFaultySequences) {
  FrameReader reader = of_server(true);
  reader.next(frame(0x41, "x"));
  EXPECT_THROW(reader.next(frame(0x81, "y")), FrameFault);
  EXPECT_THROW(reader.next(frame(0xc0, "y")), FrameFault);
  reader.next(frame(0x80, "y"));
  EXPECT_THROW(reader.next(frame(0x80, "z")), FrameFault);
}

TEST(FrameReader, RejectsInvalidCloseFrames) {
  for (const std::string_view payload :
       {std::string_view("\x03"), std::string_view("\x03\xe7"), std::string_view("\x03\xec"),
        std::string_view("\x03\xed"), std::string_view("\x03\xee"), std::string_view("\x03\xf7"),
        std::string_view("\x0b\xb7"), std::string_view("\x13\x88")})
    EXPECT_THROW(of_server().next(frame(0x88, payload)), FrameFault);
  for (const std::string_view payload : {std::string_view(), std::string_view("\x03\xe8"),
                                         std::string_view("\x03\xf5"
                                                          "too late"),
                                         std::string_view("\x0b\xb8"), std::string_view("\x13\x87")})
    EXPECT_EQ(of_server().next(frame(0x88, payload)).payload, payload);
  EXPECT_EQ(FrameReader::close_code("\x03\xe8"), 1000U);
  EXPECT_EQ(FrameReader::close_code(""), 1005U);
}

}  // namespace
}  // namespace coroom::testkit
