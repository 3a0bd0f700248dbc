#include "auth/jwks_source.hpp"

#include "auth/jwt_verifier.hpp"
#include "support/document_server.hpp"
#include "support/settable_clock.hpp"
#include "support/signing_key.hpp"

#include <coroom/log.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace coroom::detail::auth {
namespace {

using namespace std::chrono_literals;
using test::DocumentServer;
using test::SigningKey;
using testing::ElementsAre;
using testing::HasSubstr;

/// The lines of the log while it lives.
class LogLines {
 public:
  LogLines() {
    logging::redirect([this](logging::Level, std::string_view line) {
      const std::lock_guard<std::mutex> lock(mutex_);
      lines_.emplace_back(line);
      changed_.notify_all();
    });
  }
  LogLines(const LogLines&) = delete;
  LogLines& operator=(const LogLines&) = delete;
  ~LogLines() { logging::redirect(nullptr); }

  std::vector<std::string> wait_for(std::size_t number) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return lines_.size() >= number; });
    return lines_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
};

DocumentServer::WriteResponse error_500() {
  return DocumentServer::bytes("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
}

class JwksSourceTest : public testing::Test {
 protected:
  /// Returns the answer with a set of one key.
  [[nodiscard]] static DocumentServer::WriteResponse set_of(const SigningKey& key, std::string_view kid) {
    return DocumentServer::document(R"({"keys":[)" + key.json_web_key(kid) + "]}");
  }

  void start(std::vector<TokenKey> own = {}) {
    source_ = std::make_shared<const JwksSource>(http::parse_fetch_target(server_.url()).value());
    verifier_ = std::make_unique<JwtVerifier>(TokenSettings{.keys = std::move(own)}, clock_, source_);
  }

  /// Returns the user, or the cause of the fault.
  [[nodiscard]] std::string verify(const std::string& token) const {
    const auto verified = verifier_->connection(token);
    if (verified) return verified->user;
    return token_cause_names.at(static_cast<std::size_t>(verified.error().cause));
  }

  [[nodiscard]] static std::string token(const SigningKey& key, std::string_view kid) {
    return key.token("EdDSA", R"({"sub":"42"})", kid);
  }

  const SigningKey key_ = SigningKey::ed25519();
  const SigningKey next_ = SigningKey::ed25519();
  test::SettableClock clock_;
  DocumentServer server_{set_of(key_, "one")};
  std::shared_ptr<const JwksSource> source_;
  std::unique_ptr<JwtVerifier> verifier_;
};

TEST_F(JwksSourceTest, VerifiesTokensOfTheIssuer) {
  LogLines log;
  start();
  EXPECT_THAT(log.wait_for(1).front(),
              testing::AllOf(HasSubstr("token keys loaded"), HasSubstr("keys=1"), HasSubstr("skipped=0"),
                             testing::Not(HasSubstr("x=1"))));
  EXPECT_EQ(verify(token(key_, "one")), "42");
  EXPECT_EQ(verify(token(next_, "one")), "signature");
  EXPECT_EQ(verify(token(key_, "two")), "unknown_key");
  EXPECT_EQ(verify(token(key_, "")), "unknown_key");
  EXPECT_EQ(verifier_->cost(), 10) << "as with a public key";
}

TEST_F(JwksSourceTest, RejectsTokensForATimeUntilLoaded) {
  server_.become([](DocumentServer::Visitor& visitor) { visitor.wait_for_end(); });
  start();
  EXPECT_EQ(verify(token(key_, "one")), "keys_not_loaded");
  EXPECT_EQ(verify(token(key_, "")), "keys_not_loaded");
  EXPECT_EQ(verify(SigningKey::secret("a").token("HS256", "{}", "one")), "unknown_key")
      << "no set has secrets";
  EXPECT_EQ(verify(key_.sign("EdDSA", R"({"alg":"none","kid":"one"})", "{}")), "unknown_key");
  EXPECT_EQ(verify("nonsense"), "malformed");
}

TEST_F(JwksSourceTest, LeavesOwnKeysInUse) {
  server_.become([](DocumentServer::Visitor& visitor) { visitor.wait_for_end(); });
  start({public_key("", next_.public_part()).value()});
  EXPECT_EQ(verify(token(next_, "")), "42");
  EXPECT_EQ(verify(token(next_, "any")), "42") << "a key without a kid is for tokens that name no other";
  EXPECT_EQ(verify(token(key_, "one")), "keys_not_loaded");
}

TEST_F(JwksSourceTest, FetchesAgainForAnUnknownKey) {
  start();
  while (!source_->keys()) std::this_thread::yield();
  server_.become(set_of(next_, "two"));
  EXPECT_EQ(verify(token(next_, "two")), "unknown_key");
  server_.wait_for_requests(2);
  while (verify(token(next_, "two")) != "42") std::this_thread::yield();
  EXPECT_EQ(verify(token(key_, "one")), "unknown_key") << "the issuer has removed it";
  EXPECT_EQ(server_.requests(), 2) << "one early fetch in 30 seconds";
}

TEST_F(JwksSourceTest, KeepsTheLastSetWhileTheIssuerIsAway) {
  LogLines log;
  start();
  log.wait_for(1);
  server_.become(error_500());
  EXPECT_EQ(verify(token(key_, "two")), "unknown_key");
  EXPECT_THAT(log.wait_for(2).back(), testing::AllOf(HasSubstr("stay in use"), HasSubstr("500")));
  EXPECT_EQ(verify(token(key_, "one")), "42");
}

TEST_F(JwksSourceTest, LogsOnceThatTheIssuerIsAway) {
  LogLines log;
  server_.become(error_500());
  start();
  server_.wait_for_requests(2);  // the second comes after a second
  server_.become(set_of(key_, "one"));
  const auto lines = log.wait_for(2);  // the third comes after two
  EXPECT_THAT(lines, ElementsAre(HasSubstr("token keys not loaded"), HasSubstr("token keys loaded again")));
}

TEST_F(JwksSourceTest, RejectsDocumentsWithoutKeys) {
  LogLines log;
  server_.become(DocumentServer::document("<html>Welcome</html>"));
  start();
  EXPECT_THAT(log.wait_for(1).front(), HasSubstr("not JSON"));
  EXPECT_EQ(source_->keys(), nullptr);
}

TEST_F(JwksSourceTest, EndsInTheMiddleOfAFetch) {
  server_.become([](DocumentServer::Visitor& visitor) {
    visitor.write("HTTP/1.1 200 OK\r\n");
    visitor.wait_for_end();
  });
  start();
  server_.wait_for_requests(1);
  const auto begin = std::chrono::steady_clock::now();
  verifier_.reset();
  source_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s) << "the deadline of a fetch is 10 seconds";
}

TEST_F(JwksSourceTest, EndsInTheMiddleOfAHandshake) {
  const std::string url =
      "https://127.0.0.1:" + std::to_string(server_.port());  // which answers no handshake
  source_ = std::make_shared<const JwksSource>(http::parse_fetch_target(url).value());
  server_.wait_for_bytes();
  const auto begin = std::chrono::steady_clock::now();
  source_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

TEST_F(JwksSourceTest, EndsWhileItWaits) {
  LogLines log;
  start();
  log.wait_for(1);
  verifier_.reset();
  source_.reset();
  EXPECT_EQ(server_.requests(), 1);
}

}  // namespace
}  // namespace coroom::detail::auth
