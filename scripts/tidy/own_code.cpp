// A plugin of clang-tidy with one check, coroom-own-code. It finds nothing itself: it has the other checks
// look at our own declarations alone, and not at those of Boost and the standard library too, which every
// file of ours includes. Findings there were never shown; looking for them took four fifths of the time.
// (From LLVM 21 on clang-tidy does the same by itself.)

#include <clang-tidy/ClangTidyCheck.h>
#include <clang-tidy/ClangTidyModule.h>
#include <clang-tidy/ClangTidyModuleRegistry.h>
#include <clang/AST/ASTContext.h>
#include <clang/ASTMatchers/ASTMatchFinder.h>
#include <clang/Basic/SourceManager.h>
#include <vector>

namespace {

namespace tidy = clang::tidy;
namespace matchers = clang::ast_matchers;

class OwnCode final : public tidy::ClangTidyCheck {
 public:
  using ClangTidyCheck::ClangTidyCheck;

  void registerMatchers(matchers::MatchFinder* finder) override {
    finder->addMatcher(matchers::translationUnitDecl(), this);
  }

  /// Called for the first node of all, before the traversal reads its scope.
  void check(const matchers::MatchFinder::MatchResult& result) override {
    const clang::SourceManager& sources = *result.SourceManager;
    std::vector<clang::Decl*> own;
    for (clang::Decl* declaration : result.Context->getTranslationUnitDecl()->decls()) {
      const auto location = sources.getExpansionLoc(declaration->getLocation());
      if (location.isValid() && !sources.isInSystemHeader(location)) own.push_back(declaration);
    }
    result.Context->setTraversalScope(own);
  }
};

class OwnCodeModule final : public tidy::ClangTidyModule {
 public:
  void addCheckFactories(tidy::ClangTidyCheckFactories& factories) override {
    factories.registerCheck<OwnCode>("coroom-own-code");
  }
};

const tidy::ClangTidyModuleRegistry::Add<OwnCodeModule> registered("coroom", "");

}  // namespace
