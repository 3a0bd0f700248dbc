#include "web/content_coding.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace coroom::detail::web {
namespace {

/// Returns the names of the codings in order, separated by spaces.
std::string codings(std::string_view accept_encoding) {
  std::string names;
  for (const ContentCoding& coding : codings_for(accept_encoding))
    names.append(names.empty() ? "" : " ").append(coding.name);
  return names;
}

TEST(ContentCoding, IsNoneUnlessAccepted) {
  for (const char* field : {"", "identity", "deflate, zstd", "gzip;q=0, br;q=0.000", "*;q=0"})
    EXPECT_EQ(codings(field), "") << field;
}

TEST(ContentCoding, PrefersBrotliAtEqualWeight) {
  EXPECT_EQ(codings("gzip, deflate, br, zstd"), "br gzip") << "as browsers send it";
  EXPECT_EQ(codings("br;q=0.5,gzip;q=0.5"), "br gzip");
  EXPECT_EQ(codings("gzip"), "gzip");
  EXPECT_EQ(codings("GZip , BR"), "br gzip");
  EXPECT_EQ(codings("x-gzip"), "gzip") << "RFC 9110 section 8.4.1.3";
}

TEST(ContentCoding, PrefersTheGreaterWeight) {
  EXPECT_EQ(codings("br;q=0.8, gzip;q=0.9"), "gzip br");
  EXPECT_EQ(codings("br;q=0, gzip;q=0.1"), "gzip");
  EXPECT_EQ(codings("br; Q=0.2, gzip;q=1.0"), "gzip br");
}

TEST(ContentCoding, AppliesAStarToUnnamedCodings) {
  EXPECT_EQ(codings("*"), "br gzip");
  EXPECT_EQ(codings("gzip;q=0, *"), "br");
  EXPECT_EQ(codings("*;q=0, gzip"), "gzip");
  EXPECT_EQ(codings("gzip;q=0.5, *;q=0.2"), "gzip br");
}

TEST(ContentCoding, RespectsTheWeightOfIdentity) {
  EXPECT_EQ(codings("identity, gzip;q=0.5"), "");
  EXPECT_EQ(codings("identity;q=0.5, gzip, br;q=0.4"), "gzip");
  EXPECT_EQ(codings("identity;q=0.5, gzip;q=0.5"), "gzip");
  EXPECT_EQ(codings("identity;q=0, *"), "br gzip");
  EXPECT_EQ(codings("identity;q=0"), "") << "the plain file is sent nevertheless";
  EXPECT_EQ(codings("gzip;q=0.1, *;q=1"), "br") << "the star applies to identity too";
}

TEST(ContentCoding, IgnoresInvalidEntries) {
  for (const char* field :
       {"gzip;q=2", "gzip;q=-1", "gzip;q=much", "gzip;q=", ";;;", "\"gzip\"", "gzip;q=nan"})
    EXPECT_EQ(codings(field), "") << field;
  EXPECT_EQ(codings(",, gzip ,,"), "gzip");
}

}  // namespace
}  // namespace coroom::detail::web
